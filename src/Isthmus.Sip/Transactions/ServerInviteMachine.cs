// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Sip.TransactionActions;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Sip;

/// <summary>The INVITE server transaction (RFC 3261 §17.2.1 as replaced by RFC 6026 §8.5 to §8.8, Figure 7).</summary>
/// <param name="times">T1, T2, T4, and when to send 100.</param>
/// <param name="reliable">Whether the transport is reliable (TCP, TLS, WebSocket).</param>
public sealed class ServerInviteMachine(TransactionTimes times, bool reliable) : IServerMachine
{
    private TimeSpan _interval = times.T1;
    private bool _responded;

    /// <inheritdoc/>
    public TransactionState State { get; private set; }

    /// <inheritdoc/>
    public void Reset(bool isReliable)
    {
        reliable = isReliable;
        State = Initial;
        _interval = times.T1;
        _responded = false;
    }

    /// <inheritdoc/>
    public TransactionEffects On(ServerEvent happened)
    {
        if (happened == ServerEvent.TransportError && State is not (Initial or Terminated))
        {
            // RFC 6026 §8.8: the state stays, so that retransmissions of the INVITE are not taken for new requests.
            return new(ReportTransportError);
        }

        return State switch
        {
            Initial => InInitial(happened),
            Proceeding => InProceeding(happened),
            Accepted => InAccepted(happened),
            Completed => InCompleted(happened),
            Confirmed => happened == ServerEvent.ExpiryDue ? End(None) : TransactionEffects.None,
            _ => TransactionEffects.None,
        };
    }

    private TransactionEffects InInitial(ServerEvent happened)
    {
        if (happened != ServerEvent.Start)
        {
            return TransactionEffects.None;
        }

        State = Proceeding;
        if (times.TryingAfter <= TimeSpan.Zero)
        {
            _responded = true;
            return new(SendTrying | Deliver);
        }

        return new(Deliver, new(TransactionTimer.Trying, times.TryingAfter));
    }

    private TransactionEffects InProceeding(ServerEvent happened)
    {
        switch (happened)
        {
            case ServerEvent.RetransmissionDue when !_responded:
            case ServerEvent.Request when !_responded:
                // The client is not sure that its INVITE arrived: 100 stops its retransmissions now.
                _responded = true;
                return new(SendTrying | StopRetransmission);
            case ServerEvent.Request:
                return new(SendResponse);
            case ServerEvent.Provisional:
                _responded = true;
                return new(SendResponse | StopRetransmission);
            case ServerEvent.Success:
                State = Accepted;
                return new(SendResponse | StopRetransmission, default, new(TransactionTimer.L, times.Timeout));
            case ServerEvent.Failure:
                return Complete();
            default:
                return TransactionEffects.None;
        }
    }

    private TransactionEffects InAccepted(ServerEvent happened) => happened switch
    {
        // The user retransmits its 2xx (RFC 3261 §13.3.1.4), or a proxy forwards a further one; INVITEs are absorbed.
        ServerEvent.Success => new(SendResponse),
        ServerEvent.Ack => new(Deliver),
        ServerEvent.ExpiryDue => End(None),
        _ => TransactionEffects.None,
    };

    private TransactionEffects InCompleted(ServerEvent happened)
    {
        switch (happened)
        {
            case ServerEvent.Request:
                return new(SendResponse);
            case ServerEvent.RetransmissionDue:
                var doubled = _interval * 2;
                _interval = doubled > times.T2 ? times.T2 : doubled;
                return new(SendResponse, new(TransactionTimer.G, _interval));
            case ServerEvent.ExpiryDue:
                return End(ReportTimeout);
            case ServerEvent.Ack when reliable:
                // Timer I of zero.
                return End(None);
            case ServerEvent.Ack:
                State = Confirmed;
                return new(StopRetransmission, default, new(TransactionTimer.I, times.T4));
            default:
                return TransactionEffects.None;
        }
    }

    private TransactionEffects Complete()
    {
        State = Completed;
        var expiry = new TimerStart(TransactionTimer.H, times.Timeout);
        return reliable
            ? new(SendResponse | StopRetransmission, default, expiry)
            : new(SendResponse, new(TransactionTimer.G, _interval), expiry);
    }

    private TransactionEffects End(TransactionActions before)
    {
        State = Terminated;
        return new(before | Terminate);
    }
}
