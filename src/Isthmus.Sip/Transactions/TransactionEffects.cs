// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What the runner of a transaction does after an event, in the order of the values.</summary>
[Flags]
public enum TransactionActions : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Client: send the request, for the first time or again.</summary>
    SendRequest = 1 << 0,

    /// <summary>INVITE client: send the ACK for the final response (RFC 3261 §17.1.1.3).</summary>
    SendAck = 1 << 1,

    /// <summary>Server: send 100 (Trying).</summary>
    SendTrying = 1 << 2,

    /// <summary>Server: send the most recent response, for the first time or again.</summary>
    SendResponse = 1 << 3,

    /// <summary>Pass the message that caused the event to the transaction user.</summary>
    Deliver = 1 << 4,

    /// <summary>Tell the user that no (final) response came, or, on the server, no ACK.</summary>
    ReportTimeout = 1 << 5,

    /// <summary>Tell the user that the transport failed.</summary>
    ReportTransportError = 1 << 6,

    /// <summary>Stop the retransmission timer.</summary>
    StopRetransmission = 1 << 7,

    /// <summary>Stop the expiry timer.</summary>
    StopExpiry = 1 << 8,

    /// <summary>The transaction ended: stop its timers and forget it.</summary>
    Terminate = 1 << 9,
}

/// <summary>A timer to start.</summary>
/// <param name="Timer">Which one; <see cref="TransactionTimer.None"/> leaves the slot as it is.</param>
/// <param name="Due">After what time it fires.</param>
public readonly record struct TimerStart(TransactionTimer Timer, TimeSpan Due);

/// <summary>
/// The effects of one event. A transaction never needs more than two timers at a time: one that retransmits (A, E, G, or the 100 that is
/// not sent yet) and one that ends something (B, D, F, H, I, J, K, L, M). Starting a timer replaces the one in its slot.
/// </summary>
/// <param name="Actions">What to do.</param>
/// <param name="Retransmission">The timer to start in the retransmission slot.</param>
/// <param name="Expiry">The timer to start in the expiry slot.</param>
public readonly record struct TransactionEffects(TransactionActions Actions, TimerStart Retransmission = default, TimerStart Expiry = default)
{
    /// <summary>Nothing to do.</summary>
    public static TransactionEffects None => default;

    /// <summary>Whether <paramref name="action"/> is among the actions.</summary>
    public bool Has(TransactionActions action) => (Actions & action) != 0;
}
