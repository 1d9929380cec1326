// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Whoever is called by the thread of a <see cref="SocketLoop"/>, which serves others too.</summary>
internal interface ILooped
{
    /// <summary>A call threw: it is told to whoever listens, and a connection is reset.</summary>
    void OnFault(Exception fault);
}
