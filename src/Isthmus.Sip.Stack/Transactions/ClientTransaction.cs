// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A request of ours and what comes back (RFC 3261 §17.1). Made by <see cref="SipStack.Send"/>.</summary>
public sealed class ClientTransaction : ISendObserver
{
    private static readonly Action<object, object?> Retransmit = static (subject, _) => ((ClientTransaction)subject).TimerFired(retransmission: true);
    private static readonly Action<object, object?> Expire = static (subject, _) => ((ClientTransaction)subject).TimerFired(retransmission: false);
    private static readonly Action<object, object?> Fail = static (subject, error) => ((ClientTransaction)subject).Failed((SocketError?)error);
    private static readonly Action<object, object?> ChangePath = static (subject, sent) => ((ClientTransaction)subject).PathChanged((Outgoing)sent!);
    private static readonly Action<object, object?> WantCancel = static (subject, reason) => ((ClientTransaction)subject).CancelNow((string?)reason);
    private static readonly Action<object?> RetransmissionDue = static state => ((ClientTransaction)state!).Post(Retransmit, null);
    private static readonly Action<object?> ExpiryDue = static state => ((ClientTransaction)state!).Post(Expire, null);

    private readonly TransactionLayer _layer;
    private readonly Conversation _conversation;
    private readonly IClientTransactionUser _user;
    private readonly string _branch;
    private IClientMachine? _machine;
    private Outgoing? _sent;
    private SocketError? _error;
    private TransactionTimers _timers;
    private bool _pending;
    private bool _cancelSent;
    private string? _cancelReason;

    internal ClientTransaction(TransactionLayer layer, SipRequest request, Target target, IClientTransactionUser user, string branch)
    {
        _layer = layer;
        _user = user;
        _branch = branch;
        _conversation = layer.Conversations[request.CallId];
        Request = request;
        Method = request.Method;
        Target = target;
    }

    /// <summary>The request as it was sent, with the Via of the stack on top; as it was given, until then.</summary>
    public SipRequest Request { get; private set; }

    /// <summary>The method of the request.</summary>
    public SipMethod Method { get; }

    /// <summary>The Call-ID of the request.</summary>
    public string CallId => Request.CallId;

    /// <summary>Where the request was to go.</summary>
    public Target Target { get; }

    /// <summary>The flow by which it went; null until it was sent, and when no listener fits the target.</summary>
    public Flow? Flow => _sent?.Flow;

    /// <summary>The state of RFC 3261 and RFC 6026.</summary>
    public TransactionState State => _machine?.State ?? TransactionState.Initial;

    /// <summary>Whether a final response has come.</summary>
    public bool HasFinal { get; private set; }

    /// <summary>Whether <see cref="Cancel"/> was called in time to mean something.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Anything the user wants to find again in its callbacks.</summary>
    public object? Tag { get; set; }

    internal TransactionKey Key => TransactionKey.OfClient(_branch, Method);

    private bool IsPending => !HasFinal && State is not (TransactionState.Initial or TransactionState.Terminated);

    /// <summary>
    /// Cancels an INVITE (RFC 3261 §9.1): a CANCEL goes out as soon as a provisional response is there. The final response, normally 487,
    /// comes to the user; none within 64·T1 is a timeout. Does nothing after a final response, a second time, or for other methods.
    /// </summary>
    /// <param name="reason">The value of a Reason header (RFC 3326), such as <c>SIP;cause=200;text="Call completed elsewhere"</c>.</param>
    public void Cancel(string? reason = null) => _conversation.Run(new Work(WantCancel, this, reason));

    internal void Start()
    {
        _sent = _layer.Transport.Send(Request, _branch, Target, this);
        Request = (SipRequest)_sent.Message;
        _machine = NewMachine(_sent.IsReliable);
        _layer.Adopt(_conversation, this);
        Apply(_machine.On(ClientEvent.Start), null, alreadySent: true);
    }

    internal void Received(SipResponse response)
    {
        HasFinal |= !response.IsProvisional;
        Apply(_machine!.On(response.IsProvisional ? ClientEvent.Provisional : response.IsSuccess ? ClientEvent.Success : ClientEvent.Failure), response);
    }

    void ISendObserver.OnFailed(Outgoing sent, SocketError? error) => Post(Fail, error);

    void ISendObserver.OnPathChanged(Outgoing sent) => Post(ChangePath, sent);

    private void Post(Action<object, object?> run, object? argument) => _conversation.Post(new Work(run, this, argument));

    private IClientMachine NewMachine(bool reliable) => Method == SipMethod.Invite
        ? new ClientInviteMachine(_layer.Times, reliable)
        : new ClientNonInviteMachine(_layer.Times, reliable);

    private void TimerFired(bool retransmission)
    {
        if (_timers.Take(retransmission))
        {
            Apply(_machine!.On(retransmission ? ClientEvent.RetransmissionDue : ClientEvent.ExpiryDue), null);
        }
    }

    private void Failed(SocketError? error)
    {
        _error = error;
        if (_machine is not null)
        {
            Apply(_machine.On(ClientEvent.TransportError), null);
        }
    }

    /// <summary>No connection could be had, and the request went by UDP after all (RFC 3261 §18.1.1): now it is ours to repeat it.</summary>
    private void PathChanged(Outgoing sent)
    {
        Request = (SipRequest)sent.Message;
        if (State is TransactionState.Calling or TransactionState.Trying)
        {
            _machine = NewMachine(sent.IsReliable);
            Apply(_machine.On(ClientEvent.Start), null, alreadySent: true);
        }
    }

    private void CancelNow(string? reason)
    {
        if (Method != SipMethod.Invite || HasFinal || IsCancelled || State == TransactionState.Terminated)
        {
            return;
        }

        IsCancelled = true;
        _cancelReason = reason;
        if (State == TransactionState.Proceeding)
        {
            SendCancel();
        }
    }

    private void SendCancel()
    {
        _cancelSent = true;
        Apply(_machine!.On(ClientEvent.Cancel), null);
        _layer.SendCancel(HopRequests.Cancel(Request, _cancelReason), _branch, SamePath());
    }

    // The ACK and the CANCEL of an INVITE take its way (RFC 3261 §9.1, §17.1.1.2).
    private Target SamePath() => _sent?.Flow is { } flow ? new Target(flow.Transport, Target.EndPoint, flow) : Target;

    private void Apply(TransactionEffects effects, SipResponse? response, bool alreadySent = false)
    {
        if (effects.Has(TransactionActions.SendRequest) && !alreadySent)
        {
            _layer.Counters.CountRetransmissionSent();
            _sent!.Resend();
        }

        if (effects.Has(TransactionActions.SendAck))
        {
            _layer.SendOnce(HopRequests.Ack(Request, response!), _branch, SamePath());
        }

        _timers.Apply(effects, _layer.Timers, this, RetransmissionDue, ExpiryDue);
        _layer.CountPending(ref _pending, IsPending);
        if (effects.Has(TransactionActions.Terminate))
        {
            _sent?.Done();
            _layer.Forget(_conversation, this);
        }

        if (IsCancelled && !_cancelSent && State == TransactionState.Proceeding)
        {
            SendCancel();
        }

        Tell(effects, response);
    }

    private void Tell(TransactionEffects effects, SipResponse? response)
    {
        try
        {
            if (effects.Has(TransactionActions.Deliver))
            {
                _user.OnResponse(this, response!);
            }

            if (effects.Has(TransactionActions.ReportTimeout))
            {
                _layer.Counters.CountTimeout();
                _user.OnTimeout(this);
            }

            if (effects.Has(TransactionActions.ReportTransportError))
            {
                _user.OnTransportError(this, _error);
            }
        }
        finally
        {
            if (effects.Has(TransactionActions.Terminate))
            {
                _user.OnTerminated(this);
            }
        }
    }
}
