// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Which resolvers are asked, and how patiently.</summary>
public sealed record DnsOptions
{
    /// <summary>The resolvers, the preferred first; at most <see cref="MaxServers"/> are used. Empty: those of the system.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How many resolvers are used at most; the rest is not asked. 4.</summary>
    public int MaxServers { get; init; } = 4;

    /// <summary>
    /// How long a resolver may be silent before the next one is asked as well; whoever answers first is heard, and asked first from then on. 250 ms.
    /// </summary>
    public TimeSpan Stagger { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after the last resolver was asked all are asked again. 1 s.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often each resolver is asked, where none answers. 3.</summary>
    public int Rounds { get; init; } = 3;
}
