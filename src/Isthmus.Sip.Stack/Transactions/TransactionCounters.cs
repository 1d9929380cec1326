// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What the transaction layer has done since the start. Reading is safe from any thread.</summary>
public sealed class TransactionCounters
{
    private long _serverTransactions;
    private long _clientTransactions;
    private long _retransmissionsSent;
    private long _retransmissionsReceived;
    private long _timeouts;
    private long _strayResponses;
    private long _refused;
    private long _dropped;
    private long _userFaults;

    /// <summary>Server transactions made.</summary>
    public long ServerTransactions => Volatile.Read(ref _serverTransactions);

    /// <summary>Client transactions made.</summary>
    public long ClientTransactions => Volatile.Read(ref _clientTransactions);

    /// <summary>Requests and responses that were sent again.</summary>
    public long RetransmissionsSent => Volatile.Read(ref _retransmissionsSent);

    /// <summary>Requests that matched a server transaction and were not passed on.</summary>
    public long RetransmissionsReceived => Volatile.Read(ref _retransmissionsReceived);

    /// <summary>Transactions that ended without the response or the ACK they waited for.</summary>
    public long Timeouts => Volatile.Read(ref _timeouts);

    /// <summary>Responses that matched no client transaction.</summary>
    public long StrayResponses => Volatile.Read(ref _strayResponses);

    /// <summary>New requests that got 503 from the stack: too many transactions, too many messages waiting, or draining.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Messages dropped because too many waited for the owner of their conversation.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Exceptions that came out of a transaction user.</summary>
    public long UserFaults => Volatile.Read(ref _userFaults);

    internal void CountServerTransaction() => Interlocked.Increment(ref _serverTransactions);

    internal void CountClientTransaction() => Interlocked.Increment(ref _clientTransactions);

    internal void CountRetransmissionSent() => Interlocked.Increment(ref _retransmissionsSent);

    internal void CountRetransmissionReceived() => Interlocked.Increment(ref _retransmissionsReceived);

    internal void CountTimeout() => Interlocked.Increment(ref _timeouts);

    internal void CountStrayResponse() => Interlocked.Increment(ref _strayResponses);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountUserFault() => Interlocked.Increment(ref _userFaults);
}
