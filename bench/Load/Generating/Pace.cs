// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>When calls begin, and when it is enough.</summary>
internal sealed record Pace
{
    /// <summary>Calls in flight: as many as there always are in a closed loop, and at most in an open one.</summary>
    public required int InFlight { get; init; }

    /// <summary>Calls a second in an open loop; null for a closed one.</summary>
    public double? Rate { get; init; }

    /// <summary>No call begins after so many.</summary>
    public long MostCalls { get; init; } = long.MaxValue;

    /// <summary>No call begins after this time.</summary>
    public TimeSpan LongestTime { get; init; } = TimeSpan.FromHours(24);
}
