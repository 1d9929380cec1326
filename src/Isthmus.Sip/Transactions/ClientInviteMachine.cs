// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Sip.TransactionActions;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Sip;

/// <summary>The INVITE client transaction (RFC 3261 §17.1.1 as replaced by RFC 6026 §8.4, Figure 5).</summary>
/// <param name="times">T1, T2, T4.</param>
/// <param name="reliable">Whether the transport is reliable (TCP, TLS, WebSocket).</param>
public sealed class ClientInviteMachine(TransactionTimes times, bool reliable) : IClientMachine
{
    private TimeSpan _interval = times.T1;

    /// <inheritdoc/>
    public TransactionState State { get; private set; }

    /// <inheritdoc/>
    public void Reset(bool isReliable)
    {
        reliable = isReliable;
        State = Initial;
        _interval = times.T1;
    }

    /// <inheritdoc/>
    public TransactionEffects On(ClientEvent happened) => State switch
    {
        Initial => InInitial(happened),
        Calling => InCalling(happened),
        Proceeding => InProceeding(happened),
        Accepted => InAccepted(happened),
        Completed => InCompleted(happened),
        _ => TransactionEffects.None,
    };

    private TransactionEffects InInitial(ClientEvent happened)
    {
        if (happened != ClientEvent.Start)
        {
            return TransactionEffects.None;
        }

        State = Calling;
        return new(SendRequest, reliable ? default : new(TransactionTimer.A, _interval), new(TransactionTimer.B, times.Timeout));
    }

    private TransactionEffects InCalling(ClientEvent happened)
    {
        switch (happened)
        {
            case ClientEvent.RetransmissionDue:
                // Timer A doubles without the cap of T2 (RFC 3261 §17.1.1.2).
                _interval *= 2;
                return new(SendRequest, new(TransactionTimer.A, _interval));
            case ClientEvent.ExpiryDue:
                return End(ReportTimeout);
            case ClientEvent.TransportError:
                return End(ReportTransportError);
            case ClientEvent.Provisional:
                State = Proceeding;
                return new(Deliver | StopRetransmission | StopExpiry);
            case ClientEvent.Success:
                return Accept();
            case ClientEvent.Failure:
                return Complete();
            default:
                return TransactionEffects.None;
        }
    }

    private TransactionEffects InProceeding(ClientEvent happened)
    {
        switch (happened)
        {
            case ClientEvent.Provisional:
                return new(Deliver);
            case ClientEvent.Success:
                return Accept();
            case ClientEvent.Failure:
                return Complete();
            case ClientEvent.Cancel:
                // RFC 3261 §9.1: with no final response 64·T1 after the CANCEL, the transaction counts as cancelled and is destroyed.
                return new(None, default, new(TransactionTimer.Cancelled, times.Timeout));
            case ClientEvent.ExpiryDue:
                return End(ReportTimeout);
            default:
                return TransactionEffects.None;
        }
    }

    private TransactionEffects InAccepted(ClientEvent happened) => happened switch
    {
        // A retransmission, or the 2xx of another branch of a fork further on.
        ClientEvent.Success => new(Deliver),
        ClientEvent.ExpiryDue => End(None),
        _ => TransactionEffects.None,
    };

    private TransactionEffects InCompleted(ClientEvent happened) => happened switch
    {
        ClientEvent.Failure => new(SendAck),
        ClientEvent.ExpiryDue => End(None),
        ClientEvent.TransportError => End(ReportTransportError),
        _ => TransactionEffects.None,
    };

    private TransactionEffects Accept()
    {
        State = Accepted;
        return new(Deliver | StopRetransmission, default, new(TransactionTimer.M, times.Timeout));
    }

    private TransactionEffects Complete()
    {
        if (reliable)
        {
            // Timer D of zero.
            return End(SendAck | Deliver);
        }

        State = Completed;
        return new(SendAck | Deliver | StopRetransmission, default, new(TransactionTimer.D, times.Linger));
    }

    private TransactionEffects End(TransactionActions before)
    {
        State = Terminated;
        return new(before | Terminate);
    }
}
