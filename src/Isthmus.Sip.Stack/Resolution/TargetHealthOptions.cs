// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>How long it is remembered that a target was bad or good.</summary>
public sealed record TargetHealthOptions
{
    /// <summary>How long a target is bad after its first failure; doubled with each further one. 30 s.</summary>
    public TimeSpan BadTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a target is bad at most, also where it asks for more (Retry-After). 10 minutes.</summary>
    public TimeSpan MaxBadTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long before a bad time is over the target is to be probed, so that no call has to try whether it is back. 5 s.</summary>
    public TimeSpan ProbeLead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a target is good after its last answer. 5 minutes.</summary>
    public TimeSpan GoodTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a target is remembered and probed that nobody has wanted to call. 1 h.</summary>
    public TimeSpan ForgetTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many targets are remembered; beyond, the one that was wanted longest ago is forgotten. 10 000.</summary>
    public int MaxTargets { get; init; } = 10_000;
}
