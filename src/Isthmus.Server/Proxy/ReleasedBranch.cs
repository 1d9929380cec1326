// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// A device whose 2xx does not go back to the caller. The proxy thanks it in the caller's place with ACK, also when the 2xx is repeated,
/// and ends its call with BYE (as RFC 3261 §13.2.2.4 has a caller do that wants no further dialog).
/// </summary>
internal sealed class ReleasedBranch : IClientTransactionUser
{
    private readonly SipStack _stack;
    private readonly Target _target;
    private readonly SipRequest? _ack;

    /// <param name="stack">Sends.</param>
    /// <param name="sent">The INVITE as it was forwarded, with our Record-Routes.</param>
    /// <param name="success">The answer to it, without our Via.</param>
    /// <param name="target">Where the INVITE was sent.</param>
    public ReleasedBranch(SipStack stack, SipRequest sent, SipResponse success, Target target)
    {
        (_stack, _target) = (stack, target);
        if (Dialog.FromResponse(sent, SeenFromHere(sent, success)) is { } dialog)
        {
            _ack = dialog.NewAck(sent.CSeq.Number).Build();
            Acknowledge();
            _stack.Send(dialog.NewRequest(SipMethod.Bye).Build(), _target, this);
        }
    }

    /// <summary>The 2xx came again: the ACK was lost.</summary>
    public void Acknowledge()
    {
        if (_ack is not null)
        {
            _stack.SendStateless(_ack, _target);
        }
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response)
    {
    }

    void IClientTransactionUser.OnTimeout(ClientTransaction transaction)
    {
    }

    void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error)
    {
    }

    // The Record-Routes that the INVITE had when it left here are behind us; only those of proxies between us and the device are on the way.
    private static SipResponse SeenFromHere(SipRequest sent, SipResponse success)
    {
        MessageEdit edit = MessageEdit.Of(success);
        int before = success.RecordRoutes.Count - sent.RecordRoutes.Count;
        edit.Remove(HeaderName.RecordRoute);
        foreach (NameAddr beyond in success.RecordRoutes.Take(Math.Max(0, before)))
        {
            edit.Append(HeaderName.RecordRoute, beyond.ToString());
        }

        return edit.BuildResponse();
    }
}
