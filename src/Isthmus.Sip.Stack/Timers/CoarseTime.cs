// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The system's clock as the kernel last wrote it down: to read it costs a third of what the exact one costs, and it is behind by <see cref="Grain"/> at
/// most. Enough for timers that count tens of milliseconds, of which every message sets some.
/// </summary>
internal sealed class CoarseTime : TimeProvider
{
    /// <summary>How far it may be behind: a tick of the slowest kernel.</summary>
    public static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(10);

    private static readonly CoarseTime Instance = new();

    private CoarseTime()
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => 1000;

    /// <summary>The coarse clock in the place of the system's; any other clock, such as that of a test, is its own.</summary>
    public static TimeProvider InsteadOf(TimeProvider time) => time == System ? Instance : time;

    /// <inheritdoc/>
    public override long GetTimestamp() => Environment.TickCount64;
}
