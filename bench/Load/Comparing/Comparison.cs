// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The turns of one or two servers with the same traffic.</summary>
/// <param name="Measurement">What a call was, and how they came.</param>
/// <param name="Names">Of the servers.</param>
/// <param name="Turns">Of each server; turn <c>n</c> of both make a pair.</param>
internal sealed record Comparison(Measurement Measurement, IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<Turn>> Turns)
{
    /// <summary>Processor time per call of a server.</summary>
    public Spread PerCall(int server) => Spread.Of(Turns[server].Select(turn => turn.PerCall));

    /// <summary>The first server's time per call by the second's, pair by pair; null where there is one server.</summary>
    public Spread? Ratio => Turns.Count < 2 ? null : Spread.Of(Turns[0].Zip(Turns[1], (ours, peer) => ours.PerCall / peer.PerCall));

    /// <summary>What went wrong; a comparison in which anything did is no figure.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. from server in Enumerable.Range(0, Names.Count)
           from turn in Turns[server].Index()
           where !turn.Item.Result.IsGood
           select $"{Measurement.Row.Title}, {Names[server]}, turn {turn.Index + 1}: {turn.Item.Result.Faults}",
    ];
}
