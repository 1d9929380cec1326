// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>The proxy's timers (RFC 3261 §16).</summary>
public sealed record ProxyOptions
{
    /// <summary>How long a branch may ring before the proxy gives it up (Timer C). More than 3 minutes.</summary>
    public TimeSpan TimerC { get; init; } = TimeSpan.FromSeconds(181);

    /// <summary>The Max-Breadth of a request that brings none (RFC 5393 §5.3.3). 1 to 1000.</summary>
    public int MaxBreadth { get; init; } = 60;

    /// <summary>How long one group of equal q rings before the next group is tried.</summary>
    public TimeSpan SerialTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
