// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What the transaction layer has done since the start. Reading is safe from any thread.</summary>
public sealed class TransactionCounters
{
    private readonly Tally _counts = new(Enum.GetValues<Counted>().Length);

    /// <summary>Server transactions made.</summary>
    public long ServerTransactions => _counts[(int)Counted.ServerTransactions];

    /// <summary>Client transactions made.</summary>
    public long ClientTransactions => _counts[(int)Counted.ClientTransactions];

    /// <summary>Requests and responses that were sent again.</summary>
    public long RetransmissionsSent => _counts[(int)Counted.RetransmissionsSent];

    /// <summary>Requests that matched a server transaction and were not passed on.</summary>
    public long RetransmissionsReceived => _counts[(int)Counted.RetransmissionsReceived];

    /// <summary>Transactions that ended without the response or the ACK they waited for.</summary>
    public long Timeouts => _counts[(int)Counted.Timeouts];

    /// <summary>Responses that matched no client transaction.</summary>
    public long StrayResponses => _counts[(int)Counted.StrayResponses];

    /// <summary>New requests that got 503 from the stack: too many transactions, too many messages waiting, or draining.</summary>
    public long Refused => _counts[(int)Counted.Refused];

    /// <summary>Messages dropped because too many waited for the owner of their conversation.</summary>
    public long Dropped => _counts[(int)Counted.Dropped];

    /// <summary>Exceptions that came out of a transaction user.</summary>
    public long UserFaults => _counts[(int)Counted.UserFaults];

    internal void CountServerTransaction() => _counts.Count((int)Counted.ServerTransactions);

    internal void CountClientTransaction() => _counts.Count((int)Counted.ClientTransactions);

    internal void CountRetransmissionSent() => _counts.Count((int)Counted.RetransmissionsSent);

    internal void CountRetransmissionReceived() => _counts.Count((int)Counted.RetransmissionsReceived);

    internal void CountTimeout() => _counts.Count((int)Counted.Timeouts);

    internal void CountStrayResponse() => _counts.Count((int)Counted.StrayResponses);

    internal void CountRefused() => _counts.Count((int)Counted.Refused);

    internal void CountDropped() => _counts.Count((int)Counted.Dropped);

    internal void CountUserFault() => _counts.Count((int)Counted.UserFaults);

    private enum Counted
    {
        ServerTransactions,
        ClientTransactions,
        RetransmissionsSent,
        RetransmissionsReceived,
        Timeouts,
        StrayResponses,
        Refused,
        Dropped,
        UserFaults,
    }
}
