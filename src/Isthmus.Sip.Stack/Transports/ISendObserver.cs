// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Hears what becomes of a message on its way. Called from any thread, also from inside the sending call.</summary>
internal interface ISendObserver
{
    /// <summary>No TCP connection was to be had, so the request went by UDP: its message and flow are others now.</summary>
    void OnPathChanged(Outgoing sent);

    /// <summary>It did not arrive, or its connection is gone and no answer can come by it. May be said more than once.</summary>
    void OnFailed(Outgoing sent, SocketError? error);
}
