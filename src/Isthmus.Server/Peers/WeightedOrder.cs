// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Peers;

/// <summary>The order in which configured targets are tried: by priority, and within one by chance, heavier ones more often (as RFC 2782 has it for SRV).</summary>
internal static class WeightedOrder
{
    /// <summary>Puts targets in order.</summary>
    public static List<PeerUri> Of(IReadOnlyList<PeerUri> targets, Random random)
    {
        if (targets.Count == 1)
        {
            return [.. targets];
        }

        // A key of log(u)/weight draws without replacement by weight; those without weight come after all that have one, in their order.
        return
        [
            .. from target in targets
               let key = target.Weight == 0 ? double.NegativeInfinity : Math.Log(1 - random.NextDouble()) / target.Weight
               orderby target.Priority, key descending
               select target,
        ];
    }
}
