// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A request of ours and what comes back (RFC 3261 §17.1). Made by <see cref="SipStack.Send(MessageEdit, Target, IClientTransactionUser, ReadOnlySpan{byte}, object?)"/>.</summary>
public sealed class ClientTransaction : Transaction
{
    private static readonly Action<object, object?, object?> Fail = static (subject, error, _) => ((ClientTransaction)subject).Failed((SocketError?)error);
    private static readonly Action<object, object?, object?> WantCancel = static (subject, reason, _) => ((ClientTransaction)subject).CancelNow((string?)reason);

    private readonly IClientMachine _machine;
    private IClientTransactionUser _user = null!;
    private SipRequest? _ack;
    private byte[]? _branch;
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

    /// <summary>Where the request was to go.</summary>
    public Target Target { get; private set; }

    /// <summary>The flow by which it went; null until it was sent, and when no listener fits the target.</summary>
    public Flow? Flow => Path;

    /// <summary>Whether a final response has come.</summary>
    public bool HasFinal { get; private set; }

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

    internal ClientTransaction Begin(Conversation conversation, SipMethod method, Target target, IClientTransactionUser user, ulong key, object? tag)
    {
        Begin(conversation);
        (Method, Target, _user, Key, Tag) = (method, target, user, key, tag);
        (_error, _isDispatched, _cancelSent, _cancelReason, HasFinal, IsCancelled) = (null, false, false, null, false, false);
        return this;
    }

    internal void Start()
    {
        _machine.Reset(IsReliable);
        Layer.Adopt(Conversation, this);
        Take(ClientEvent.Start, null);
    }

    internal void Received(SipResponse response)
    {
        HasFinal |= !response.IsProvisional;
        Take(response.IsProvisional ? ClientEvent.Provisional : response.IsSuccess ? ClientEvent.Success : ClientEvent.Failure, response);
    }

    internal override void OnFailed(SocketError? error) => Post(Fail, error);

    private protected override void TimerFired(bool retransmission) => Take(retransmission ? ClientEvent.RetransmissionDue : ClientEvent.ExpiryDue, null);

    private protected override void End()
    {
        Settle(new(TransactionActions.Terminate));
        Conversation.Clients.Remove(this);
        Ended();
    }

    // The request is not sent again; its user could look at it until now.
    private protected override void ReleaseAnswered()
    {
        Sent?.Dispose();
        Sent = null;
    }

    private protected override void Recycle()
    {
        (_user, Target, Tag, _ack, _branch) = (null!, null!, null, null, null);
        Layer.Recycle(this);
    }

    private protected override void UserTimerFired() => _user.OnTimer(this);

    private void Take(ClientEvent happened, SipResponse? response) => Apply(_machine.On(happened), response);

    private void Failed(SocketError? error)
    {
        _error = error;
        if (IsOver)
        {
            return;
        }

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
        else
        {
            Take(ClientEvent.TransportError, null);
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
        Layer.SendCancel(HopRequests.Cancel(Request, _cancelReason), BranchOf(Request), SamePath());
    }

    private void SendAck(SipResponse final)
    {
        // RFC 3261 §17.1.1.2: a final response that comes again gets the same ACK again.
        _branch ??= BranchOf(Request);
        _ack ??= HopRequests.Ack(Request, final);
        Layer.Transport.SendOnce(MessageEdit.Of(_ack), SamePath(), _branch);
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
            Layer.Transport.Resend(this);
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
