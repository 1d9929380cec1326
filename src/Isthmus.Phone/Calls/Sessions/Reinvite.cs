// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>One re-INVITE of ours, with an offer, or one UPDATE that only refreshes the session; with the retries that RFC 3261 §14.1 and RFC 4028 §7.4 ask for.</summary>
internal sealed class Reinvite(Session session, CallLeg leg, SipMethod method, IpVersion? version, bool? hold, Action<bool> done) : IClientTransactionUser
{
    private const int MaxTries = 5;

    private ClientTransaction? _transaction;
    private ConversationTimer? _later;
    private SipRequest? _ack;
    private int _minimum = SessionInterval.Shortest;
    private int _tries;
    private bool _isDone;

    /// <summary>Whether it was sent and has no final answer; not while it waits to be tried again.</summary>
    public bool IsOnItsWay => _transaction is { HasFinal: false };

    public void Start()
    {
        if (_isDone)
        {
            return;
        }

        if (session.IsReinvited)
        {
            // RFC 3261 §14.1: not while the other side's INVITE is being answered.
            Later();
            return;
        }

        var request = session.Request(method)
            .Contact(session.Contact)
            .Header(HeaderName.Allow, PhoneContext.AllowedMethods)
            .Header(HeaderName.Supported, "timer");
        session.Timer.Ask(request, _minimum);
        if (method == SipMethod.Invite)
        {
            if (leg.Media.TryOffer(version ?? leg.Media.Version, hold) is not { } offer)
            {
                Finish(false);
                return;
            }

            request.Body(CallMedia.ContentType, offer);
        }

        leg.Expect();
        _transaction = session.Send(request.Build(), this);
    }

    /// <summary>The call is over.</summary>
    public void Abort()
    {
        _later?.Cancel();
        if (_transaction is not { HasFinal: true })
        {
            _transaction?.Cancel();
        }

        Finish(false);
    }

    public void OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional)
        {
            return;
        }

        if (transaction != _transaction)
        {
            return;
        }

        if (_ack is not null)
        {
            // A 2xx again: our ACK was lost (RFC 3261 §13.2.2.4).
            leg.Phone.Stack.SendStateless(_ack, session.NextHop);
            return;
        }

        if (response.IsSuccess)
        {
            Succeed(transaction, response);
        }
        else if (!_isDone)
        {
            Refused(response);
        }

        leg.Settled();
    }

    public void OnTimeout(ClientTransaction transaction) => Lost(transaction, 408, "no answer inside the call");

    public void OnTransportError(ClientTransaction transaction, SocketError? error) => Lost(transaction, 503, "the other side cannot be reached any more");

    private void Succeed(ClientTransaction transaction, SipResponse response)
    {
        if (method == SipMethod.Invite)
        {
            _ack = session.Dialog.NewAck(transaction.Request.CSeq.Number).Build();
            leg.Phone.Stack.SendStateless(_ack, session.NextHop);
        }

        if (_isDone)
        {
            return;
        }

        session.Dialog.RefreshTarget(response);
        session.Timer.Start(SessionInterval.Of(response), weAsked: true);
        var accepted = method == SipMethod.Update || leg.Media.Accept(response).IsUsable;
        if (accepted && method == SipMethod.Invite)
        {
            leg.EnterMediaState(response.StatusCode);
        }

        Finish(accepted);
    }

    private void Refused(SipResponse response)
    {
        switch (response.StatusCode)
        {
            case 491 when _tries < MaxTries:
                Withdraw();
                Later();
                break;
            case 422 when SessionInterval.MinimumOf(response) > _minimum && _tries < MaxTries:
                _tries++;
                _minimum = SessionInterval.MinimumOf(response);
                Withdraw();
                Start();
                break;
            case 481:
            case 408:
                // RFC 3261 §12.2.1.2: the dialog is gone.
                Withdraw();
                session.Break(response.ReasonPhrase, response.StatusCode);
                Finish(false);
                break;
            default:
                Withdraw();
                Finish(false);
                break;
        }
    }

    private void Withdraw()
    {
        _transaction = null;
        if (method == SipMethod.Invite)
        {
            leg.Media.Withdraw();
        }
    }

    /// <summary>RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, the other one up to 2 s, so that they do not meet again.</summary>
    private void Later()
    {
        if (++_tries > MaxTries)
        {
            Finish(false);
            return;
        }

        var chance = leg.Phone.Chance();
        var seconds = leg.Call.Direction == CallDirection.Outgoing ? 2.1 + (1.9 * chance) : 2 * chance;
        _later = leg.Phone.Stack.RunIn(leg.CallId, TimeSpan.FromMilliseconds(10 * Math.Ceiling(seconds * 100)), Start);
    }

    private void Lost(ClientTransaction transaction, int status, string reason)
    {
        if (transaction == _transaction && !transaction.HasFinal)
        {
            Withdraw();
            if (!_isDone)
            {
                session.Break(reason, status);
                Finish(false);
            }

            leg.Settled();
        }
    }

    private void Finish(bool success)
    {
        if (!_isDone)
        {
            _isDone = true;
            done(success);
            session.Done(this);
        }
    }
}
