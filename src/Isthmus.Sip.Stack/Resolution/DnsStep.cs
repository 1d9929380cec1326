// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>One question that was asked while a server was located, for those who want to see how it went.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">What was asked for.</param>
/// <param name="Status">How it ended, aliases followed.</param>
/// <param name="Records">The records of that type.</param>
/// <param name="TimeToLive">How long this is good yet; zero for an old answer.</param>
/// <param name="Source">Where the answer came from.</param>
public sealed record DnsStep(string Name, DnsType Type, DnsStatus Status, IReadOnlyList<DnsRecord> Records, TimeSpan TimeToLive, DnsSource Source)
{
    /// <summary>Whether DNS said that there is nothing; false where it said nothing.</summary>
    internal bool IsNothing => Status == DnsStatus.NameError || (Status is DnsStatus.Ok or DnsStatus.NotImplemented && Records.Count == 0);

    /// <summary>Whether DNS said nothing.</summary>
    internal bool IsFailure => Status is not (DnsStatus.Ok or DnsStatus.NameError or DnsStatus.NotImplemented);
}
