// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>For requests whose answer changes nothing.</summary>
internal sealed class Unheard : IClientTransactionUser
{
    private Unheard()
    {
    }

    public static Unheard Instance { get; } = new();

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
