// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What one turn of a server cost.</summary>
/// <param name="Result">What came of its calls.</param>
/// <param name="Processor">User and system time of the server from the turn's begin to the begin of its next turn, so that what it does later for these calls counts.</param>
internal sealed record Turn(LoadResult Result, TimeSpan Processor)
{
    /// <summary>Of the thread of its first process that used most.</summary>
    public TimeSpan BusiestThread { get; init; }

    /// <summary>Garbage collections until the next turn; null where nobody tells.</summary>
    public Garbage? Garbage { get; init; }

    /// <summary>Microseconds of processor time for a call.</summary>
    public double PerCall => Result.Completed == 0 ? double.NaN : Processor.TotalMicroseconds / Result.Completed;
}
