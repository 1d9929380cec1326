// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The order in which a request tries the servers of another domain.</summary>
internal static class WalkOrder
{
    /// <summary>
    /// As the judge and the records want it, but: those of lower priority after all of higher (RFC 2782), whichever version the judge would like; among
    /// equal ones the versions in turn (RFC 8305 §4), so that a dead version costs one attempt; those that have been bad last.
    /// </summary>
    public static IReadOnlyList<LocatedTarget> Of(IReadOnlyList<LocatedTarget> targets, TargetHealth health) =>
        targets.Count == 1 ? targets : health.Order([.. targets.GroupBy(target => target.Group).OrderBy(group => group.Key).SelectMany(InTurn)]);

    private static IEnumerable<LocatedTarget> InTurn(IEnumerable<LocatedTarget> equals)
    {
        LocatedTarget[] all = [.. equals];
        IpVersion first = all[0].Version;
        LocatedTarget[] ones = [.. all.Where(target => target.Version == first)];
        LocatedTarget[] others = [.. all.Where(target => target.Version != first)];
        for (int i = 0; i < Math.Max(ones.Length, others.Length); i++)
        {
            if (i < ones.Length)
            {
                yield return ones[i];
            }

            if (i < others.Length)
            {
                yield return others[i];
            }
        }
    }
}
