// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What one may change about a <see cref="SipStack"/>.</summary>
public sealed record SipStackOptions
{
    /// <summary>Listeners, connections and message sizes.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>T1, T2, T4, and when the stack answers 100 itself.</summary>
    public TransactionTimes Times { get; init; } = TransactionTimes.Default;

    /// <summary>How many transactions, server and client together, may live; above it a new request gets 503 with Retry-After. 100 000.</summary>
    public int MaxTransactions { get; init; } = 100_000;

    /// <summary>
    /// How many messages may wait for the owner of one conversation; above it a new request gets 503 with Retry-After, and any other
    /// message is dropped and counted. 1024.
    /// </summary>
    public int MaxWaiting { get; init; } = 1024;

    /// <summary>The Retry-After of those 503 responses; whole seconds, rounded up. 10 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);
}
