// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>Is told every verdict. Called on the conversation's owner: it must not block.</summary>
public interface IVerdictObserver
{
    /// <summary>A verdict was given and is about to be carried out.</summary>
    void Judged(in VerdictReport report);
}
