// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>How long answers are kept, how many, and what is done while DNS is down.</summary>
public sealed record DnsCacheOptions
{
    /// <summary>A shorter time to live is taken for this one; but 0 stays 0, such an answer serves only those who wait for it. 1 s.</summary>
    public TimeSpan MinTimeToLive { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A longer time to live is taken for this one. 1 day.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The same for answers without records (RFC 2308 §5 advises one to three hours). 1 h.</summary>
    public TimeSpan MaxNegativeTimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a question that brought no answer is not asked again: each who asks learns so at once. At most 5 minutes (RFC 2308 §7). 5 s.</summary>
    public TimeSpan FailureTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long past its time an answer is given when DNS does not answer (RFC 8767). Zero: never. 1 day.</summary>
    public TimeSpan StaleTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long somebody waits for a new answer before the old one is given (RFC 8767 §5 has 1.8 s for what is less hasty than a call). 500 ms.</summary>
    public TimeSpan StaleAnswerTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long old answers are given without asking again, once DNS was found down (RFC 8767 §5). 30 s.</summary>
    public TimeSpan StaleRecheckTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many answers are kept; beyond, the one that was used longest ago goes. 10 000.</summary>
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>How many records of one answer are kept; the rest of it is left out. 256.</summary>
    public int MaxRecords { get; init; } = 256;

    /// <summary>How many questions may be out at a time; beyond, a new one ends as <see cref="DnsStatus.Overloaded"/>, or with an old answer. 500.</summary>
    public int MaxQueries { get; init; } = 500;

    /// <summary>How long one question may take, whoever waits for it; then it ends as <see cref="DnsStatus.TimedOut"/>. 5 s.</summary>
    public TimeSpan QueryTime { get; init; } = TimeSpan.FromSeconds(5);
}
