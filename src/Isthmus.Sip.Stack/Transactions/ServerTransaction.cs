// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A request of somebody else and our responses to it (RFC 3261 §17.2).</summary>
public sealed class ServerTransaction : Transaction
{
    private static readonly Action<object, object?, object?> Fail = static (subject, error, _) => ((ServerTransaction)subject).Failed((SocketError?)error);
    private static readonly Action<object, object?, object?> Answer = static (subject, response, _) => ((ServerTransaction)subject).RespondNow((SipResponse)response!);
    private static readonly Action<object, object?, object?> TellEnd = static (subject, _, _) => ((ServerTransaction)subject).Ended();
    private static readonly Action<object, object?, object?> GiveUp = static (subject, _, _) => ((ServerTransaction)subject).AbandonNow();

    private readonly IServerMachine _machine;
    private IServerTransactionUser? _user;
    private SipRequest? _request;
    private SocketError? _error;
    private bool _abandoned;
    private bool _isRfc2543;

    internal ServerTransaction(TransactionLayer layer, bool isInvite)
        : base(layer)
    {
        _machine = isInvite ? new ServerInviteMachine(layer.Times, reliable: false) : new ServerNonInviteMachine(layer.Times, reliable: false);
        Flow = null!;
    }

    /// <summary>The request, and where it came from.</summary>
    /// <exception cref="InvalidOperationException">The request was given back (<see cref="SipStackOptions.PoolTransactions"/>).</exception>
    public ReceivedRequest Request => new(_request ?? throw new InvalidOperationException("The request was answered and given back."), Flow);

    /// <summary>Where the request came from.</summary>
    public Flow Flow { get; private set; }

    /// <summary>The Call-ID of the request.</summary>
    public string CallId => Request.Message.CallId;

    /// <summary>The most recent response, a 100 of the stack included; null again when it was given back (<see cref="SipStackOptions.PoolTransactions"/>).</summary>
    public SipResponse? LastResponse => (SipResponse?)Sent;

    /// <summary>The status of the first final response; null while there is none.</summary>
    public int? FinalStatus { get; private set; }

    /// <summary>Whether a final response was given, or will never be (<see cref="Abandon"/>).</summary>
    public bool HasFinal => FinalStatus is not null || _abandoned;

    /// <summary>
    /// Where transactions are pooled, and this is an INVITE: its user will not send a second 2xx by <see cref="Respond"/>, as a proxy does not, to which
    /// <see cref="ITransactionUser.OnSuccessAgain"/> gives them. Then the transaction ends with the first.
    /// </summary>
    public bool EndsWithSuccess { get; set; }

    internal override bool WantsFailures => _user is not null;

    private protected override TransactionState MachineState => _machine.State;

    private protected override bool IsPending => Method == SipMethod.Invite
        ? MachineState is TransactionState.Proceeding or TransactionState.Completed
        : MachineState is TransactionState.Trying or TransactionState.Proceeding && !_abandoned;

    /// <summary>Lets <paramref name="user"/> hear how this transaction ends. One at a time: the last one attached hears.</summary>
    public void Attach(IServerTransactionUser user) => _user = user;

    /// <summary>
    /// Sends a response. After a final response only further 2xx to an INVITE are sent (RFC 6026 §8.7); all else is ignored, as it is
    /// after the end of the transaction. To requests other than INVITE no provisional response but 100 is sent, that one not too early,
    /// and no 408 (RFC 4320). From any thread.
    /// </summary>
    /// <param name="response">The response; where transactions are pooled, it is the stack's from now on.</param>
    public void Respond(SipResponse response) => Conversation.Run(new Work(Answer, this, response));

    /// <summary>
    /// No final response will come to this request, which is not an INVITE: the client has given up, or will (RFC 4320 §4.2).
    /// Retransmissions are absorbed as long as they can come. From any thread.
    /// </summary>
    public void Abandon() => Conversation.Run(new Work(GiveUp, this));

    internal ServerTransaction Begin(Conversation conversation, SipRequest request, Flow flow, in ViaView via, ulong key)
    {
        Begin(conversation);
        (_request, Flow, Key, Method) = (request, flow, key, request.Method);
        (_user, Tag, _error, _abandoned, FinalStatus, EndsWithSuccess) = (null, null, null, false, null, false);
        _isRfc2543 = !via.HasMagicCookie;
        Path = ResponseRoute.IsSource(via, flow) ? flow : null;
        _machine.Reset(flow.Transport.IsReliable);
        return this;
    }

    internal void Start() => Take(ServerEvent.Start, null);

    /// <summary>The stack answers by itself; the user never sees this transaction.</summary>
    internal void StartAnswered(SipResponse response)
    {
        _machine.On(ServerEvent.Start);
        RespondNow(response);
    }

    internal void RequestAgain()
    {
        Layer.Counters.CountRetransmissionReceived();
        Take(ServerEvent.Request, null);
    }

    internal void Acknowledged(SipRequest ack, Flow flow) => Take(ServerEvent.Ack, new ReceivedRequest(ack, flow));

    /// <summary>
    /// Whether a request whose key is the same belongs here, but for its method and, in requests of RFC 2543, its To tag. A request that was
    /// given back is told by its key alone: 64 bits of a keyed hash.
    /// </summary>
    internal bool IsSame(SipRequest request) => _request is null || ServerKeys.AreSame(_request, request);

    /// <summary>RFC 3261 §17.2.3, the part for RFC 2543: a request has the To tag of the first one, an ACK the one of our response.</summary>
    internal bool MatchesTag(SipRequest request) =>
        !_isRfc2543 || request.ToView.Tag.SequenceEqual(request.Method == SipMethod.Ack && LastResponse is { } last ? last.ToView.Tag : _request!.ToView.Tag);

    internal override void OnFailed(SocketError? error) => Post(Fail, error);

    private protected override void TimerFired(bool retransmission) => Take(retransmission ? ServerEvent.RetransmissionDue : ServerEvent.ExpiryDue, null);

    private protected override void End()
    {
        Settle(new(TransactionActions.Terminate));
        Conversation.Servers.Remove(this);
        Ended();
    }

    // A request of RFC 2543 is told by its parts; the user of an accepted INVITE sends its 2xx again by this object.
    private protected override bool StaysWhole => _isRfc2543 || (State == TransactionState.Accepted && !EndsWithSuccess);

    private protected override void Remember(Remembered remembered, long due)
    {
        bool hasResponse = State == TransactionState.Completed && Sent is not null;
        Remembrance remembrance = hasResponse ? Remembrance.SendAgain : State == TransactionState.Accepted ? Remembrance.PassAck : Remembrance.Absorb;
        remembered.Add(Key, remembrance, due, hasResponse ? Sent!.Span : default, Path);
    }

    // What is large goes when the answer is given: of a request other than INVITE the response is kept, to be sent again; of a refused INVITE
    // until it is acknowledged; of an accepted one nothing, for its user sends the 2xx again. A request of RFC 2543 is told by its parts.
    private protected override void ReleaseAnswered()
    {
        if (!_isRfc2543 || IsOver)
        {
            _request?.Dispose();
            _request = null;
        }

        if (State is not TransactionState.Completed)
        {
            Sent?.Dispose();
            Sent = null;
        }
    }

    private protected override void Recycle()
    {
        (_user, Tag) = (null, null);
        Flow = null!;
        Layer.Recycle(this);
    }

    private protected override void UserTimerFired() => _user?.OnTimer(this);

    private void Take(ServerEvent happened, ReceivedRequest? ack) => Apply(_machine.On(happened), ack, answering: false);

    private void RespondNow(SipResponse response)
    {
        if (IsOver || (Method != SipMethod.Invite && response.StatusCode is (> 100 and < 200) or 408))
        {
            if (response.StatusCode == 408)
            {
                AbandonNow();
            }

            Ignore(response);
            return;
        }

        var effects = _machine.On(response.IsProvisional ? ServerEvent.Provisional : response.IsSuccess ? ServerEvent.Success : ServerEvent.Failure);
        if (effects.Has(TransactionActions.SendResponse))
        {
            FinalStatus ??= response.IsProvisional ? null : response.StatusCode;
            Send(response);
        }
        else
        {
            Ignore(response);
        }

        Apply(effects, null, answering: true);
    }

    private void Ignore(SipResponse response)
    {
        if (Layer.IsPooling && !ReferenceEquals(response, Sent))
        {
            Conversation.DisposeLater(response);
        }
    }

    private void AbandonNow()
    {
        if (Method != SipMethod.Invite && FinalStatus is null && !IsOver)
        {
            _abandoned = true;
            CountPending();
        }
    }

    private void Send(SipResponse response)
    {
        if (!ReferenceEquals(response, Sent))
        {
            Release(Sent);
            Sent = response;
        }

        if (Path is null || Path.Connection is { IsWritable: false })
        {
            Watch?.Remove(this);
            Path = Layer.Transport.Paths.Back((_request ?? (SipMessage)response).TopViaView, Flow);
        }

        Layer.Transport.Dispatch(this);
    }

    private void Failed(SocketError? error)
    {
        _error = error;
        if (!IsOver)
        {
            Take(ServerEvent.TransportError, null);
        }
    }

    private void Apply(TransactionEffects effects, ReceivedRequest? ack, bool answering)
    {
        var outer = EnterEvent();
        try
        {
            if (effects.Has(TransactionActions.SendTrying))
            {
                Send(Layer.Trying(_request!));
            }

            if (effects.Has(TransactionActions.SendResponse) && !answering)
            {
                Layer.Counters.CountRetransmissionSent();
                Layer.Transport.Resend(this);
            }

            Settle(effects);
            if (IsOver)
            {
                Conversation.Servers.Remove(this);
            }

            if (FinalStatus is not null)
            {
                FinishLater(); // without an answer, somebody may still be about to give one: then nothing is used again
            }

            if (!answering)
            {
                Tell(effects, ack);
            }
            else if (IsOver)
            {
                // The user is inside Respond: it hears of the end when it is out of it.
                Post(TellEnd, null);
            }
        }
        finally
        {
            LeaveEvent(outer);
        }
    }

    private void Tell(TransactionEffects effects, ReceivedRequest? ack)
    {
        if (effects.Has(TransactionActions.Deliver))
        {
            if (ack is { } received)
            {
                Layer.User.OnAck(received);
            }
            else
            {
                Layer.Deliver(this);
            }
        }

        if (effects.Has(TransactionActions.ReportTimeout))
        {
            Layer.Counters.CountTimeout();
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
            Ended();
        }
    }

    private void Ended()
    {
        try
        {
            _user?.OnTerminated(this);
        }
        finally
        {
            if (FinalStatus is not null)
            {
                MayBeRecycled();
            }
        }
    }

    private void Release(SipMessage? message)
    {
        if (message is not null && Layer.IsPooling)
        {
            Conversation.DisposeLater(message);
        }
    }
}
