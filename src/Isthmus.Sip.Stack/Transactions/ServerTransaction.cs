// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A request of somebody else and our responses to it (RFC 3261 §17.2).</summary>
public sealed class ServerTransaction : ISendObserver
{
    private static readonly Action<object, object?> Retransmit = static (subject, _) => ((ServerTransaction)subject).TimerFired(retransmission: true);
    private static readonly Action<object, object?> Expire = static (subject, _) => ((ServerTransaction)subject).TimerFired(retransmission: false);
    private static readonly Action<object, object?> Fail = static (subject, error) => ((ServerTransaction)subject).Failed((SocketError?)error);
    private static readonly Action<object, object?> Answer = static (subject, response) => ((ServerTransaction)subject).RespondNow((SipResponse)response!);
    private static readonly Action<object, object?> TellEnd = static (subject, _) => ((ServerTransaction)subject)._user?.OnTerminated((ServerTransaction)subject);
    private static readonly Action<object, object?> GiveUp = static (subject, _) => ((ServerTransaction)subject).AbandonNow();
    private static readonly Action<object?> RetransmissionDue = static state => ((ServerTransaction)state!).Post(Retransmit, null);
    private static readonly Action<object?> ExpiryDue = static state => ((ServerTransaction)state!).Post(Expire, null);

    private readonly TransactionLayer _layer;
    private readonly Conversation _conversation;
    private readonly IServerMachine _machine;
    private IServerTransactionUser? _user;
    private Outgoing? _sent;
    private SocketError? _error;
    private TransactionTimers _timers;
    private bool _pending;
    private bool _abandoned;

    internal ServerTransaction(TransactionLayer layer, Conversation conversation, ReceivedRequest request, in TransactionKey key)
    {
        _layer = layer;
        _conversation = conversation;
        Key = key;
        Request = request;
        var reliable = request.Flow.Transport.IsReliable;
        _machine = Method == SipMethod.Invite ? new ServerInviteMachine(layer.Times, reliable) : new ServerNonInviteMachine(layer.Times, reliable);
    }

    /// <summary>The request, and where it came from.</summary>
    public ReceivedRequest Request { get; }

    /// <summary>Where the request came from.</summary>
    public Flow Flow => Request.Flow;

    /// <summary>The method of the request.</summary>
    public SipMethod Method => Request.Message.Method;

    /// <summary>The Call-ID of the request.</summary>
    public string CallId => Request.Message.CallId;

    /// <summary>The state of RFC 3261 and RFC 6026.</summary>
    public TransactionState State => _machine.State;

    /// <summary>The most recent response, a 100 of the stack included.</summary>
    public SipResponse? LastResponse { get; private set; }

    /// <summary>The status of the first final response; null while there is none.</summary>
    public int? FinalStatus { get; private set; }

    /// <summary>Whether a final response was given, or will never be (<see cref="Abandon"/>).</summary>
    public bool HasFinal => FinalStatus is not null || _abandoned;

    /// <summary>Anything the user wants to find again.</summary>
    public object? Tag { get; set; }

    internal TransactionKey Key { get; }

    private bool IsPending => Method == SipMethod.Invite
        ? State is TransactionState.Proceeding or TransactionState.Completed
        : State is TransactionState.Trying or TransactionState.Proceeding && !_abandoned;

    /// <summary>Lets <paramref name="user"/> hear how this transaction ends. One at a time: the last one attached hears.</summary>
    public void Attach(IServerTransactionUser user) => _user = user;

    /// <summary>
    /// Sends a response. After a final response only further 2xx to an INVITE are sent (RFC 6026 §8.7); all else is ignored, as it is
    /// after the end of the transaction. To requests other than INVITE no provisional response but 100 is sent, that one not too early,
    /// and no 408 (RFC 4320). From any thread.
    /// </summary>
    public void Respond(SipResponse response) => _conversation.Run(new Work(Answer, this, response));

    /// <summary>
    /// No final response will come to this request, which is not an INVITE: the client has given up, or will (RFC 4320 §4.2).
    /// Retransmissions are absorbed as long as they can come. From any thread.
    /// </summary>
    public void Abandon() => _conversation.Run(new Work(GiveUp, this));

    internal void Start() => Apply(_machine.On(ServerEvent.Start), null);

    /// <summary>The stack answers by itself; the user never sees this transaction.</summary>
    internal void StartAnswered(SipResponse response)
    {
        _machine.On(ServerEvent.Start);
        RespondNow(response);
    }

    internal void RequestAgain()
    {
        _layer.Counters.CountRetransmissionReceived();
        Apply(_machine.On(ServerEvent.Request), null);
    }

    internal void Acknowledged(ReceivedRequest ack) => Apply(_machine.On(ServerEvent.Ack), ack);

    /// <summary>RFC 3261 §17.2.3, the part for RFC 2543: a request has the To tag of the first one, an ACK the one of our response.</summary>
    internal bool MatchesTag(SipRequest request)
    {
        if (Request.Message.TopVia.HasMagicCookie)
        {
            return true;
        }

        var expected = request.Method == SipMethod.Ack && LastResponse is { } last ? last.To.Tag : Request.Message.To.Tag;
        return request.To.Tag == expected;
    }

    void ISendObserver.OnFailed(Outgoing sent, SocketError? error) => Post(Fail, error);

    void ISendObserver.OnPathChanged(Outgoing sent)
    {
        // A response keeps its way (RFC 3261 §18.2.2).
    }

    private void Post(Action<object, object?> run, object? argument) => _conversation.Post(new Work(run, this, argument));

    private void RespondNow(SipResponse response)
    {
        if (Method != SipMethod.Invite)
        {
            if (response.StatusCode is > 100 and < 200)
            {
                return;
            }

            if (response.StatusCode == 408)
            {
                AbandonNow();
                return;
            }
        }

        var effects = _machine.On(response.IsProvisional ? ServerEvent.Provisional : response.IsSuccess ? ServerEvent.Success : ServerEvent.Failure);
        if (effects.Has(TransactionActions.SendResponse))
        {
            LastResponse = response;
            FinalStatus ??= response.IsProvisional ? null : response.StatusCode;
            Send(response);
        }

        Apply(effects, null, answering: true);
    }

    private void AbandonNow()
    {
        if (Method != SipMethod.Invite && FinalStatus is null)
        {
            _abandoned = true;
            _layer.CountPending(ref _pending, IsPending);
        }
    }

    private void Send(SipResponse response)
    {
        _sent?.Done();
        _sent = _layer.Transport.Send(response, Flow, this);
    }

    private void TimerFired(bool retransmission)
    {
        if (_timers.Take(retransmission))
        {
            Apply(_machine.On(retransmission ? ServerEvent.RetransmissionDue : ServerEvent.ExpiryDue), null);
        }
    }

    private void Failed(SocketError? error)
    {
        _error = error;
        Apply(_machine.On(ServerEvent.TransportError), null);
    }

    private void Apply(TransactionEffects effects, ReceivedRequest? ack, bool answering = false)
    {
        if (effects.Has(TransactionActions.SendTrying))
        {
            LastResponse = Request.Message.Answer(100).Build();
            Send(LastResponse);
        }

        if (effects.Has(TransactionActions.SendResponse) && !answering)
        {
            _layer.Counters.CountRetransmissionSent();
            _sent!.Resend();
        }

        _timers.Apply(effects, _layer.Timers, this, RetransmissionDue, ExpiryDue);
        _layer.CountPending(ref _pending, IsPending);
        if (effects.Has(TransactionActions.Terminate))
        {
            _sent?.Done();
            _layer.Forget(_conversation, this);
        }

        if (!answering)
        {
            Tell(effects, ack);
        }
        else if (effects.Has(TransactionActions.Terminate))
        {
            // The user is inside Respond: it hears of the end when it is out of it.
            Post(TellEnd, null);
        }
    }

    private void Tell(TransactionEffects effects, ReceivedRequest? ack)
    {
        if (effects.Has(TransactionActions.Deliver))
        {
            if (ack is not null)
            {
                _layer.User.OnAck(ack);
            }
            else
            {
                _layer.Deliver(this);
            }
        }

        if (effects.Has(TransactionActions.ReportTimeout))
        {
            _layer.Counters.CountTimeout();
            if (Method == SipMethod.Invite)
            {
                _user?.OnNoAck(this);
            }
        }

        if (effects.Has(TransactionActions.ReportTransportError))
        {
            _user?.OnTransportError(this, _error);
        }

        if (effects.Has(TransactionActions.Terminate))
        {
            _user?.OnTerminated(this);
        }
    }
}
