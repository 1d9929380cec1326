// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Sip.TransactionActions;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Sip;

/// <summary>The non-INVITE client transaction (RFC 3261 §17.1.2, Figure 6).</summary>
/// <param name="times">T1, T2, T4.</param>
/// <param name="reliable">Whether the transport is reliable (TCP, TLS, WebSocket).</param>
public sealed class ClientNonInviteMachine(TransactionTimes times, bool reliable) : IClientMachine
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
        Trying or Proceeding => InProgress(happened),
        Completed => happened == ClientEvent.ExpiryDue ? End(None) : TransactionEffects.None,
        _ => TransactionEffects.None,
    };

    private TransactionEffects InInitial(ClientEvent happened)
    {
        if (happened != ClientEvent.Start)
        {
            return TransactionEffects.None;
        }

        State = Trying;
        return new(SendRequest, reliable ? default : new(TransactionTimer.E, _interval), new(TransactionTimer.F, times.Timeout));
    }

    private TransactionEffects InProgress(ClientEvent happened)
    {
        switch (happened)
        {
            case ClientEvent.RetransmissionDue:
                // MIN(2·E, T2) while trying, T2 from the first provisional response on (RFC 3261 §17.1.2.2).
                var doubled = _interval * 2;
                _interval = State == Proceeding || doubled > times.T2 ? times.T2 : doubled;
                return new(SendRequest, new(TransactionTimer.E, _interval));
            case ClientEvent.ExpiryDue:
                return End(ReportTimeout);
            case ClientEvent.TransportError:
                return End(ReportTransportError);
            case ClientEvent.Provisional:
                State = Proceeding;
                return new(Deliver);
            case ClientEvent.Success or ClientEvent.Failure:
                return Complete();
            default:
                return TransactionEffects.None;
        }
    }

    private TransactionEffects Complete()
    {
        if (reliable)
        {
            // Timer K of zero.
            return End(Deliver);
        }

        State = Completed;
        return new(Deliver | StopRetransmission, default, new(TransactionTimer.K, times.T4));
    }

    private TransactionEffects End(TransactionActions before)
    {
        State = Terminated;
        return new(before | Terminate);
    }
}
