// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What DNS says to one question.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Records">The records of the answer, aliases (CNAME) included, in the order in which they came.</param>
/// <param name="NegativeTimeToLive">
/// How long an answer without records may be kept: the lower of the SOA's own time and its minimum (RFC 2308 §5). Null where there is no SOA: not at all.
/// </param>
public sealed record DnsReply(DnsStatus Status, IReadOnlyList<DnsRecord> Records, TimeSpan? NegativeTimeToLive = null)
{
    /// <summary>Whether it is an answer, be it that there is nothing; else nothing was learnt.</summary>
    public bool IsAnswer => Status is DnsStatus.Ok or DnsStatus.NameError;

    /// <summary>A question that brought no answer.</summary>
    public static DnsReply Failed(DnsStatus status) => new(status, []);
}
