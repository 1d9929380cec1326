// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What one may change about a <see cref="SipStack"/>.</summary>
public sealed record SipStackOptions
{
    /// <summary>Listeners, connections and message sizes.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>T1, T2, T4, and when the stack answers 100 itself.</summary>
    public TransactionTimes Times { get; init; } = TransactionTimes.Default;

    /// <summary>
    /// How many transactions, server and client together, may wait for their final response or the ACK to it; above it a new request gets
    /// 503 with Retry-After. 100 000.
    /// </summary>
    public int MaxTransactions { get; init; } = 100_000;

    /// <summary>
    /// How many transactions that are answered are kept, some seconds each, to know retransmissions again (timers D, I, J, K, L and M of
    /// RFC 3261 and RFC 6026). Above it the oldest are forgotten: each group of conversations, of which there are 256, has an equal share, of one at
    /// least. They do not count as <see cref="MaxTransactions"/>. 32,768.
    /// </summary>
    public int MaxLingering { get; init; } = 32_768;

    /// <summary>
    /// Whether transactions and messages are used again, so that a server allocates nothing per message. Then a transaction must not be
    /// touched after its end was told; its request is valid until the end of the event in which it got its final response; a message that comes in
    /// a callback until the end of that event, unless it is shared (<see cref="SipMessage.Share"/>); and a response given to
    /// <see cref="ServerTransaction.Respond"/> is the stack's. False: messages and transactions may be kept.
    /// </summary>
    public bool PoolTransactions { get; init; }

    /// <summary>
    /// How many messages may wait for the owner of one conversation; above it a new request gets 503 with Retry-After, and any other
    /// message is dropped and counted. 1024.
    /// </summary>
    public int MaxWaiting { get; init; } = 1024;

    /// <summary>The Retry-After of those 503 responses; whole seconds, rounded up. 10 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);
}
