// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The copy of a request that goes to another address of the same server, in the same transaction: its top Via is that of the first copy, by which
/// the server knows that both are one request (RFC 3261 §17.2.3).
/// </summary>
internal sealed class OtherWay(ClientTransaction transaction, Target target) : Outgoing
{
    public Target Target => target;

    internal override bool KeepsName => true;

    internal override void OnFailed(SocketError? error) => transaction.OtherFailed(this, error);
}
