// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A request of ours and what comes back (RFC 3261 §17.1). Made by <see cref="SipStack.Send(MessageEdit, Target, IClientTransactionUser, ReadOnlySpan{byte}, object?, ulong)"/>.</summary>
public sealed class ClientTransaction : Transaction
{
    private static readonly Action<object, object?, object?> Fail = static (subject, error, path) => ((ClientTransaction)subject).Failed((SocketError?)error, (Flow?)path);
    private static readonly Action<object, object?, object?> FailOther = static (subject, error, other) => ((ClientTransaction)subject).OtherFailedNow((OtherWay)other!, (SocketError?)error);
    private static readonly Action<object, object?, object?> WantCancel = static (subject, reason, _) => ((ClientTransaction)subject).CancelNow((string?)reason);

    private readonly IClientMachine _machine;
    private IClientTransactionUser _user = null!;
    private SipRequest? _ack;
    private byte[]? _branch;
    private OtherWay? _other;
    private byte[]? _via;
    private bool _wasSentTwice;
    private SocketError? _error;
    private bool _isDispatched;
    private bool _cancelSent;
    private string? _cancelReason;

    internal ClientTransaction(TransactionLayer layer, bool isInvite)
        : base(layer)
    {
        _machine = isInvite ? new ClientInviteMachine(layer.Times, reliable: false) : new ClientNonInviteMachine(layer.Times, reliable: false);
        Target = null!;
    }

    /// <summary>The request as it was sent, with the Via of the stack on top; without one if there was no way to send it.</summary>
    /// <exception cref="InvalidOperationException">The request was given back (<see cref="SipStackOptions.PoolTransactions"/>).</exception>
    public SipRequest Request => (SipRequest?)Sent ?? throw new InvalidOperationException("The request was answered and given back.");

    /// <summary>The Call-ID of the request.</summary>
    public string CallId => Request.CallId;

    /// <summary>Where the request was to go; when it was sent to two addresses, the one that answered or that is left.</summary>
    public Target Target { get; private set; }

    /// <summary>The flow by which it went there; null until it was sent, and when no listener fits the target.</summary>
    public Flow? Flow => Path;

    /// <summary>Whether a final response has come.</summary>
    public bool HasFinal { get; private set; }

    /// <summary>
    /// Where transactions are pooled, and this is an INVITE that was forwarded: the flow by which it came. Then the transaction ends with its 2xx, and a further 2xx
    /// goes to <see cref="ITransactionUser.OnSuccessAgain"/> together with the flow. Null: a further 2xx comes to the user of the transaction, which stays for that.
    /// </summary>
    public Flow? ReturnFlow { get; set; }

    /// <summary>Whether <see cref="Cancel"/> was called in time to mean something.</summary>
    public bool IsCancelled { get; private set; }

    private protected override TransactionState MachineState => _machine.State;

    private protected override bool IsPending => !HasFinal && MachineState != TransactionState.Initial;

    /// <summary>
    /// Cancels an INVITE (RFC 3261 §9.1): a CANCEL goes out as soon as a provisional response is there. The final response, normally 487,
    /// comes to the user; none within 64·T1 is a timeout. Does nothing after a final response, a second time, or for other methods.
    /// Where transactions are pooled, for the owner of the conversation only.
    /// </summary>
    /// <param name="reason">The value of a Reason header (RFC 3326), such as <c>SIP;cause=200;text="Call completed elsewhere"</c>.</param>
    public void Cancel(string? reason = null) => Conversation.Run(new Work(WantCancel, this, reason));

    /// <summary>
    /// Sends a copy of the request to another address of the same server too, in this transaction: with the top Via of the first copy, so that a server which
    /// hears both takes the second for a repetition (RFC 3261 §17.2.3). Both are repeated until one of them is answered; ACK and CANCEL follow that one.
    /// For the owner of the conversation only.
    /// </summary>
    /// <param name="copy">The request without a Via of this stack, with what differs by the other address; free for other use afterwards.</param>
    /// <param name="target">The other address, of the other IP version; it must surely be the same server's.</param>
    /// <returns>False: something was heard already, there are two copies already, or there is no way to that address.</returns>
    public bool SendAlso(MessageEdit copy, Target target)
    {
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(target);
        if (_wasSentTwice || Path is null || State is not (TransactionState.Calling or TransactionState.Trying))
        {
            return false;
        }

        _via ??= TopViaOf(Request);
        var other = new OtherWay(this, target);
        if (!Layer.Transport.PrepareCopy(other, copy.Prepend(HeaderName.Via, _via), target, this))
        {
            return false;
        }

        (_other, _wasSentTwice) = (other, true);
        Layer.Transport.Dispatch(other);
        return true;
    }

    /// <summary>The request is not repeated any more; an answer is still heard until the transaction's time is over. For the owner of the conversation only.</summary>
    public void StopRepeating() => StopRetransmitting();

    internal ClientTransaction Begin(Conversation conversation, SipMethod method, Target target, IClientTransactionUser user, ulong key, object? tag)
    {
        Begin(conversation);
        (Method, Target, _user, Key, Tag) = (method, target, user, key, tag);
        (_error, _isDispatched, _cancelSent, _cancelReason, HasFinal, IsCancelled) = (null, false, false, null, false, false);
        (_other, _via, _wasSentTwice, ReturnFlow) = (null, null, false, null);
        return this;
    }

    internal void Start()
    {
        _machine.Reset(IsReliable);
        Layer.Adopt(Conversation, this);
        Take(ClientEvent.Start, null);
    }

    internal void Received(SipResponse response, Flow flow)
    {
        if (_wasSentTwice && !Belongs(response, flow))
        {
            return;
        }

        HasFinal |= !response.IsProvisional;
        Take(response.IsProvisional ? ClientEvent.Provisional : response.IsSuccess ? ClientEvent.Success : ClientEvent.Failure, response);
    }

    internal override void OnFailed(SocketError? error) => Post(Fail, error, Path);

    internal void OtherFailed(OtherWay other, SocketError? error) => Post(FailOther, error, other);

    private protected override void TimerFired(bool retransmission) => Take(retransmission ? ClientEvent.RetransmissionDue : ClientEvent.ExpiryDue, null);

    private protected override void End()
    {
        Settle(new(TransactionActions.Terminate));
        Conversation.Clients.Remove(this);
        Ended();
    }

    // A 2xx that comes again is for the user, unless it said where to; and by which of two ways it comes must still be told.
    private protected override bool StaysWhole => _wasSentTwice || (State == TransactionState.Accepted && ReturnFlow is null);

    private protected override void Remember(Remembered remembered, long due)
    {
        if (State == TransactionState.Accepted)
        {
            remembered.Add(Key, Remembrance.PassSuccess, due, default, ReturnFlow);
        }
        else if (_ack is not null && Path is { } flow)
        {
            using SipRequest ack = Layer.Transport.OwnVia.Build(WithVia(MessageEdit.Of(_ack)), flow, _branch);
            remembered.Add(Key, Remembrance.SendAgain, due, ack.Span, flow);
        }
        else
        {
            remembered.Add(Key, Remembrance.Absorb, due, default, null);
        }
    }

    // The request is not sent again; its user could look at it until now.
    private protected override void ReleaseAnswered()
    {
        Sent?.Dispose();
        Sent = null;
    }

    private protected override void Recycle()
    {
        (_user, Target, Tag, _ack, _branch, _via, ReturnFlow) = (null!, null!, null, null, null, null, null);
        Layer.Recycle(this);
    }

    private protected override void UserTimerFired() => _user.OnTimer(this);

    private void Take(ClientEvent happened, SipResponse? response) => Apply(_machine.On(happened), response);

    private void Failed(SocketError? error, Flow? path)
    {
        if (IsOver || path != Path)
        {
            return; // another way was taken meanwhile
        }

        _error = error;

        if (Layer.Transport.TryFallBack(this))
        {
            // No connection could be had, and the request goes by UDP after all (RFC 3261 §18.1.1): now it is ours to repeat it.
            if (State is TransactionState.Calling or TransactionState.Trying)
            {
                _machine.Reset(IsReliable);
                _isDispatched = false;
                Take(ClientEvent.Start, null);
            }
        }
        else if (_other is { } other)
        {
            var lost = Target;
            TakeOver(other);
            _machine.Reset(IsReliable);
            Take(ClientEvent.Start, null);
            _user.OnWayLost(this, lost, error);
        }
        else
        {
            Take(ClientEvent.TransportError, null);
        }
    }

    private void OtherFailedNow(OtherWay other, SocketError? error)
    {
        if (IsOver || _other != other)
        {
            return;
        }

        if (Layer.Transport.TryFallBack(other))
        {
            Layer.Transport.Dispatch(other);
            return;
        }

        ForgetOther(other);
        _user.OnWayLost(this, other.Target, error);
    }

    // The first response decides which of two ways is taken; they differ in their version. False: it is nobody's.
    private bool Belongs(SipResponse response, Flow flow)
    {
        if (_other is { } other)
        {
            if (flow.Version == other.Path!.Version)
            {
                TakeOver(other);
            }
            else
            {
                ForgetOther(other);
            }
        }
        else if (response.StatusCode == 482 && State == TransactionState.Proceeding && flow.Version != Path!.Version)
        {
            // Two machines behind one name: one is at work, the other one's copy met it further on (RFC 3261 §8.2.2.2).
            Layer.Transport.SendOnce(MessageEdit.Of(HopRequests.Ack(Request, response)).Prepend(HeaderName.Via, _via!), new Target(flow.Transport, flow.Remote, flow), default);
            return false;
        }

        return true;
    }

    private void TakeOver(OtherWay other)
    {
        Watch?.Remove(this);
        if (Layer.IsPooling)
        {
            Conversation.DisposeLater(Sent!);
        }

        (Sent, Path, Target, _other) = (other.Sent, other.Path, other.Target, null);
        other.Done();
        Layer.Transport.Watch(this, Path!);
    }

    private void ForgetOther(OtherWay other)
    {
        _other = null;
        other.Done();
        if (Layer.IsPooling)
        {
            Conversation.DisposeLater(other.Sent!);
        }
    }

    private void CancelNow(string? reason)
    {
        if (Method != SipMethod.Invite || HasFinal || IsCancelled || IsOver)
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
        Apply(_machine.On(ClientEvent.Cancel), null);
        var cancel = MessageEdit.Of(HopRequests.Cancel(Request, _cancelReason));
        Layer.SendCancel(WithVia(cancel), _via is null ? BranchOf(Request) : default, Key, SamePath());
    }

    private void SendAck(SipResponse final)
    {
        // RFC 3261 §17.1.1.2: a final response that comes again gets the same ACK again.
        _branch ??= _via is null ? BranchOf(Request) : [];
        _ack ??= HopRequests.Ack(Request, final);
        Layer.Transport.SendOnce(WithVia(MessageEdit.Of(_ack)), SamePath(), _branch);
    }

    // Of a request that was sent to two addresses the first one's: the server knows it by that.
    private MessageEdit WithVia(MessageEdit edit) => _via is null ? edit : edit.Prepend(HeaderName.Via, _via);

    private static byte[] TopViaOf(SipRequest request)
    {
        foreach (var value in request.ValuesOf(HeaderName.Via))
        {
            return value.ToArray();
        }

        return [];
    }

    private static byte[] BranchOf(SipRequest request) => request.TopViaView.Branch[Via.MagicCookie.Length..].ToArray();

    // The ACK and the CANCEL of an INVITE take its way (RFC 3261 §9.1, §17.1.1.2).
    private Target SamePath() => Path is { } flow ? new Target(flow.Transport, Target.EndPoint, flow) : Target;

    private void Apply(TransactionEffects effects, SipResponse? response)
    {
        var outer = EnterEvent();
        try
        {
            if (effects.Has(TransactionActions.SendRequest))
            {
                SendRequest();
            }

            if (effects.Has(TransactionActions.SendAck) && Path is not null)
            {
                SendAck(response!);
            }

            Settle(effects);
            if (effects.Has(TransactionActions.Terminate))
            {
                Conversation.Clients.Remove(this);
            }

            if (HasFinal)
            {
                FinishLater();
            }

            if (IsCancelled && !_cancelSent && State == TransactionState.Proceeding)
            {
                SendCancel();
            }

            Tell(effects, response);
        }
        finally
        {
            LeaveEvent(outer);
        }
    }

    private void SendRequest()
    {
        if (_isDispatched)
        {
            Layer.Counters.CountRetransmissionSent();
            if (!IsReliable)
            {
                Layer.Transport.Resend(this);
            }

            if (_other is { IsReliable: false } other)
            {
                Layer.Transport.Resend(other);
            }
        }
        else
        {
            _isDispatched = true;
            Layer.Transport.Dispatch(this);
        }
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
                Layer.Counters.CountTimeout();
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
                Ended();
            }
        }
    }

    private void Ended()
    {
        if (_other is { } other)
        {
            ForgetOther(other);
        }

        try
        {
            _user.OnTerminated(this);
        }
        finally
        {
            if (HasFinal)
            {
                MayBeRecycled();
            }
        }
    }
}
