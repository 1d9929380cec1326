// SPDX-License-Identifier: Apache-2.0
using static Isthmus.Sip.TransactionActions;
using static Isthmus.Sip.TransactionState;

namespace Isthmus.Sip;

/// <summary>The non-INVITE server transaction (RFC 3261 §17.2.2, Figure 8, with RFC 4320 and RFC 6026 §8.8).</summary>
/// <param name="times">T1, T2, T4.</param>
/// <param name="reliable">Whether the transport is reliable (TCP, TLS, WebSocket).</param>
public sealed class ServerNonInviteMachine(TransactionTimes times, bool reliable) : IServerMachine
{
    /// <inheritdoc/>
    public TransactionState State { get; private set; }

    /// <inheritdoc/>
    public void Reset(bool isReliable)
    {
        reliable = isReliable;
        State = Initial;
    }

    /// <inheritdoc/>
    public TransactionEffects On(ServerEvent happened)
    {
        if (happened == ServerEvent.TransportError && State is not (Initial or Terminated))
        {
            return new(ReportTransportError);
        }

        return State switch
        {
            Initial => InInitial(happened),
            Trying => InTrying(happened),
            Proceeding => InProceeding(happened),
            Completed => InCompleted(happened),
            _ => TransactionEffects.None,
        };
    }

    private TransactionEffects InInitial(ServerEvent happened)
    {
        if (happened != ServerEvent.Start)
        {
            return TransactionEffects.None;
        }

        State = Trying;
        return new(Deliver, new(TransactionTimer.Trying, times.NonInviteTryingAfter), new(TransactionTimer.Abandoned, times.Timeout));
    }

    private TransactionEffects InTrying(ServerEvent happened)
    {
        switch (happened)
        {
            case ServerEvent.RetransmissionDue:
                // RFC 4320 §4.1: now a 100 must go, whatever the transport.
                State = Proceeding;
                return new(SendTrying);
            case ServerEvent.Provisional when reliable:
                State = Proceeding;
                return new(SendResponse | StopRetransmission);
            case ServerEvent.Success or ServerEvent.Failure:
                return Complete();
            case ServerEvent.ExpiryDue:
                return End(ReportTimeout);
            default:
                // RFC 4320 §4.1: over an unreliable transport a 100 would come too early, the timer sends it.
                return TransactionEffects.None;
        }
    }

    private TransactionEffects InProceeding(ServerEvent happened) => happened switch
    {
        ServerEvent.Request or ServerEvent.Provisional => new(SendResponse),
        ServerEvent.Success or ServerEvent.Failure => Complete(),
        // RFC 4320 §4.2: the client gave up; no response at all is better than a late one.
        ServerEvent.ExpiryDue => End(ReportTimeout),
        _ => TransactionEffects.None,
    };

    private TransactionEffects InCompleted(ServerEvent happened) => happened switch
    {
        ServerEvent.Request => new(SendResponse),
        ServerEvent.ExpiryDue => End(None),
        _ => TransactionEffects.None,
    };

    private TransactionEffects Complete()
    {
        if (reliable)
        {
            // Timer J of zero.
            return End(SendResponse);
        }

        State = Completed;
        return new(SendResponse | StopRetransmission, default, new(TransactionTimer.J, times.Timeout));
    }

    private TransactionEffects End(TransactionActions before)
    {
        State = Terminated;
        return new(before | Terminate);
    }
}
