// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The user of a CANCEL, which is a matter between two hops: its outcome changes nothing (RFC 3261 §9.1).</summary>
internal sealed class HopUser : IClientTransactionUser
{
    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
    }

    public void OnTimeout(ClientTransaction transaction)
    {
    }

    public void OnTransportError(ClientTransaction transaction, SocketError? error)
    {
    }
}
