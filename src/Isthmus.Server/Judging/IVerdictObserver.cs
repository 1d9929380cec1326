// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>Is told every verdict. Called on the conversation's owner: it must not block.</summary>
public interface IVerdictObserver
{
    /// <summary>Whether a report is worth making now; where nobody listens, none is made.</summary>
    bool IsListening => true;

    /// <summary>A verdict was given and is about to be carried out.</summary>
    void Judged(in VerdictReport report);
}
