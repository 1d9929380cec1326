// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>How long callers waited until it rang, as captured at their interface.</summary>
public sealed record FailoverResult
{
    /// <summary>What was measured.</summary>
    public required FailoverCase Case { get; init; }

    /// <summary>From the first call's INVITE to its 180; null when it did not ring in time.</summary>
    public TimeSpan? First { get; init; }

    /// <summary>The same for the call after it.</summary>
    public TimeSpan? Next { get; init; }

    /// <summary>How long each was waited for.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>INVITE transactions that the other domain's servers got for these two calls: 2 when each call was seen once.</summary>
    public int Invites { get; init; }

    /// <summary>What went wrong; empty when nothing did.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The folder of its captures.</summary>
    public string Output { get; init; } = "";
}
