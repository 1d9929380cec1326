// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>An answered call: the requests of its dialog, in both directions. Confined to the owner of the Call-ID.</summary>
internal sealed class Session
{
    private const int MaxWaiting = 8;

    private readonly CallLeg _leg;
    private readonly Target _path;
    private readonly SessionTimer _timer;
    private readonly OfferAnswerServer _server;
    private readonly Queue<Reinvite> _waiting = new();
    private Reinvite? _reinvite;
    private bool _byeWhenAcked;

    /// <param name="leg">The call.</param>
    /// <param name="dialog">Its confirmed dialog.</param>
    /// <param name="path">Where requests go when the dialog's next hop is a name.</param>
    public Session(CallLeg leg, Dialog dialog, Target path)
    {
        (_leg, Dialog, _path) = (leg, dialog, path);
        _timer = new SessionTimer(leg.Phone, leg.CallId, Refresh, () => Break("the other side did not refresh the session"));
        _server = new OfferAnswerServer(this, leg);
    }

    public Dialog Dialog { get; }

    public PhoneContext Phone => _leg.Phone;

    public SessionTimer Timer => _timer;

    /// <summary>Whether the other side said that it answers UPDATE.</summary>
    public bool AnswersUpdate { get; set; }

    /// <summary>Whether an INVITE of ours is on its way.</summary>
    public bool IsReinviting => _reinvite is { IsOnItsWay: true };

    /// <summary>Whether an INVITE of the other side is not done yet.</summary>
    public bool IsReinvited => _server.IsBusy;

    /// <summary>The initial INVITE of the other side was answered; its ACK is awaited.</summary>
    public void AwaitAck(ServerTransaction invite, SipResponse success, bool offered) => _server.AwaitAck(invite, success, offered);

    /// <summary>Where requests of the dialog go.</summary>
    public Target NextHop => Phone.Resolve(Dialog.NextHop, _path) ?? _path;

    /// <summary>The Contact of our requests and answers in this dialog.</summary>
    public NameAddr Contact => Phone.Stack.FlowTowards(NextHop) is { } flow ? PhoneContext.Contact(_leg.Call.Account, flow) : Dialog.Local;

    public RequestBuilder Request(SipMethod method) => Dialog.NewRequest(method).Header(HeaderName.UserAgent, Phone.Options.UserAgent);

    public ClientTransaction Send(SipRequest request, IClientTransactionUser user) => Phone.Stack.Send(request, NextHop, user);

    public void OnRequest(ServerTransaction transaction)
    {
        var request = transaction.Request.Message;
        var order = Dialog.Receive(request);
        if (request.Method == SipMethod.Bye)
        {
            // Also where ours has crossed it (RFC 5407 §3.2.2).
            Dialog.Terminate();
            transaction.Respond(request.Answer(200).Build());
            _server.Stop();
            _leg.End(new CallResult(CallOutcome.Completed, 200, "the other side hung up") { ByRemote = true });
        }
        else if (order == DialogCheck.OutOfOrder)
        {
            // RFC 3261 §12.2.2
            transaction.Respond(request.Answer(500, "CSeq out of order").Build());
        }
        else if (_leg.IsOver)
        {
            transaction.Respond(request.Answer(481).Build());
        }
        else if (request.Method == SipMethod.Invite || request.Method == SipMethod.Update)
        {
            _server.OnOffer(transaction);
        }
        else
        {
            InDialogRequests.Answer(transaction, _leg);
        }
    }

    public void OnAck(SipRequest ack)
    {
        if (_server.OnAck(ack) && _byeWhenAcked)
        {
            _byeWhenAcked = false;
            SendBye();
        }
    }

    /// <summary>No ACK came (RFC 3261 §13.3.1.4).</summary>
    public void OnNoAck()
    {
        if (_byeWhenAcked)
        {
            _byeWhenAcked = false;
            SendBye();
        }
        else
        {
            HangUp(new CallResult(CallOutcome.Failed, 408, "no ACK came"));
        }
    }

    /// <summary>Ends the call and tells the other side.</summary>
    public void HangUp(CallResult result)
    {
        if (_leg.IsOver)
        {
            return;
        }

        _leg.Expect();
        _leg.End(result);
        if (_server.IsAwaitingAck)
        {
            // RFC 3261 §15: the called side does not send BYE before it has the ACK, or has given up on it.
            _byeWhenAcked = true;
        }
        else
        {
            SendBye();
        }
    }

    /// <summary>The session is broken: the call ends with BYE, and as a failure.</summary>
    public void Break(string reason, int status = 408) => HangUp(new CallResult(CallOutcome.Failed, status, reason));

    /// <summary>Puts the call on hold, or takes it off.</summary>
    public void Hold(bool on, TaskCompletionSource<bool> done) => Offer(null, on, done.SetResult);

    /// <summary>Offers anew, by the given version if any.</summary>
    public void Offer(IpVersion? version, bool? hold, Action<bool> done) => Start(new Reinvite(this, _leg, SipMethod.Invite, version, hold, done), done);

    public void Done(Reinvite reinvite)
    {
        if (_reinvite == reinvite && !_waiting.TryDequeue(out _reinvite))
        {
            _reinvite = null;
        }
        else if (_reinvite is { } next && next != reinvite)
        {
            next.Start();
        }
    }

    public void Stop()
    {
        _timer.Stop();
        var pending = _reinvite;
        _reinvite = null;
        pending?.Abort();
        while (_waiting.TryDequeue(out var waiting))
        {
            waiting.Abort();
        }
    }

    private void Refresh()
    {
        // RFC 4028 §7.4: UPDATE is lighter, because it carries no offer.
        Action<bool> done = _ => { };
        Start(new Reinvite(this, _leg, AnswersUpdate ? SipMethod.Update : SipMethod.Invite, null, null, done), done);
    }

    private void Start(Reinvite reinvite, Action<bool> done)
    {
        if (_leg.IsOver || _waiting.Count == MaxWaiting)
        {
            done(false);
        }
        else if (_reinvite is not null)
        {
            _waiting.Enqueue(reinvite);
        }
        else
        {
            _reinvite = reinvite;
            reinvite.Start();
        }
    }

    private void SendBye()
    {
        Dialog.Terminate();
        Send(Request(SipMethod.Bye).Build(), new Farewell(_leg));
    }

    /// <summary>The answer to a BYE changes nothing, but the call is not gone before it.</summary>
    private sealed class Farewell(CallLeg leg) : IClientTransactionUser
    {
        private bool _settled;

        public void OnResponse(ClientTransaction transaction, SipResponse response)
        {
            if (response.IsFinal)
            {
                Settle();
            }
        }

        public void OnTimeout(ClientTransaction transaction) => Settle();

        public void OnTransportError(ClientTransaction transaction, SocketError? error) => Settle();

        private void Settle()
        {
            if (!_settled)
            {
                _settled = true;
                leg.Settled();
            }
        }
    }
}
