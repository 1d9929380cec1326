// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What a second processor brings a server, from what calls cost it on one and on two.</summary>
/// <remarks>
/// A server on one processor can do one call in the time that it costs. On two, calls come at most as fast as its busiest thread works its share of them, and at
/// most twice as fast as a call costs: so neither waiting for each other (which costs time), nor a thread that has most of the work, is overlooked.
/// </remarks>
internal sealed record Scaling(Comparison Comparison)
{
    /// <summary>The busiest thread's share of the processor time on two processors, turn by turn; a half at best.</summary>
    public Spread Share => Spread.Of(Comparison.Turns[1].Select(turn => turn.BusiestThread / turn.Processor));

    /// <summary>The greatest rate on two processors by that on one, pair by pair; 2 at best.</summary>
    public Spread Growth => Spread.Of(Comparison.Turns[0].Zip(Comparison.Turns[1], (one, two) =>
        one.PerCall / Math.Max(two.PerCall / 2, two.BusiestThread.TotalMicroseconds / two.Result.Completed)));
}
