// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The traffic of a measurement.</summary>
internal sealed record TrafficOptions
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The IP versions of the calling and the called phones.</summary>
    public Family Family { get; init; } = Family.V4ToV4;

    public bool IsTcp { get; init; }

    public int Users { get; init; } = 10_000;

    public int InFlight { get; init; } = 64;

    /// <summary>Calls a second; null for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Of whose greatest rate calls come at half; null: <see cref="Rate"/> counts.</summary>
    public RateOf? HalfOf { get; init; }

    /// <summary>How long one turn of a server is.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The calls of one turn, where it is not over before.</summary>
    public long MostCalls { get; init; } = long.MaxValue;

    /// <summary>Before the first turn, at least; see <see cref="Load.Traffic.WarmUp"/>.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whether the machine paused so long in a turn that its response times tell of the machine: calls of an open loop do not wait for it, and those of half a
    /// hundredth of a turn are half of what the 99th percentile leaves out. In a closed loop nothing happens meanwhile.
    /// </summary>
    public bool IsSpoiled(LoadResult turn) => Rate is not null && turn.LongestPause > TimeSpan.FromTicks(Math.Max(LeastPause.Ticks, Turn.Ticks / 200));

    /// <summary>One turn.</summary>
    public Pace Pace => new() { InFlight = Rate is null ? InFlight : CallNumber.MostSlots / 8, Rate = Rate, MostCalls = MostCalls, LongestTime = Turn };
}
