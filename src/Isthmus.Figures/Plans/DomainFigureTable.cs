// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using static Isthmus.Figures.Terminals;

namespace Isthmus.Figures;

/// <summary>
/// The figures with a domain at each end: FIG. 13 to 16 with two dual-stack servers, FIG. 17 to 20 with a server that has IPv4 only, and E4-d, in which T7 stands
/// in the place of T6 and everything is mirrored. A new row is one entry.
/// </summary>
public static class DomainFigureTable
{
    private static readonly JudgeMethod[] Judging = [JudgeMethod.Arrival, JudgeMethod.Session];
    private static readonly JudgeMethod[] AlsoAuto = [.. Judging, JudgeMethod.Auto];
    private static readonly JudgeMethod[] Carrying = [JudgeMethod.Carry];
    private static readonly JudgeMethod[] CarryingOrAuto = [.. Carrying, JudgeMethod.Auto];
    private static readonly string[] BothDual = ["S1-1", "S1-2"];
    private static readonly string[] OneDual = ["S1", "S2"];

    /// <summary>All figures in their order.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("13", "two dual-stack domains: the far server redirects, and its 380 travels back", T5, T6, IpVersion.V4)
        {
            Servers = BothDual,
            Methods = Judging,
            Sequence = [.. ArrowPath.Refused("T5 => S1-1 => S1-2"), .. ArrowPath.Call("T5 -> S1-1 -> S1-2 -> T6")],
        },
        new("14", "two dual-stack domains: the IPv4-only terminal calls", T6, T5, IpVersion.V4) { Servers = BothDual, Methods = AlsoAuto, Sequence = ArrowPath.Call("T6 -> S1-2 -> S1-1 -> T5") },
        new("15", "two dual-stack domains: the called terminal judges, signalling stays on IPv6", T5OnV6, T6, IpVersion.V4)
        {
            Servers = BothDual,
            Methods = Carrying,
            Sequence = [.. ArrowPath.Refused("T5 => S1-1 => S1-2 -> T6"), .. ArrowPath.Call("T5 => S1-1 => S1-2 -> T6")],
        },
        new("16", "two dual-stack domains: called on IPv6 with an IPv4 offer", T6, T5OnV6, IpVersion.V4) { Servers = BothDual, Methods = Carrying, Sequence = ArrowPath.Call("T6 -> S1-2 => S1-1 => T5") },
        new("17", "the other domain has IPv4 only: redirected without troubling it", T5, T6, IpVersion.V4)
        {
            Servers = OneDual,
            Methods = AlsoAuto,
            Sequence = [.. ArrowPath.Refused("T5 => S1"), .. ArrowPath.Call("T5 -> S1 -> S2 -> T6")],
        },
        new("18", "the IPv4-only domain calls", T6, T5, IpVersion.V4) { Servers = OneDual, Methods = AlsoAuto, Sequence = ArrowPath.Call("T6 -> S2 -> S1 -> T5") },
        new("19", "the other domain has IPv4 only: carried, and the called terminal judges", T5OnV6, T6, IpVersion.V4)
        {
            Servers = OneDual,
            Methods = Carrying,
            Sequence = [.. ArrowPath.Refused("T5 => S1 -> S2 -> T6"), .. ArrowPath.Call("T5 => S1 -> S2 -> T6")],
        },
        new("20", "the IPv4-only domain calls a terminal that is registered on IPv6", T6, T5OnV6, IpVersion.V4) { Servers = OneDual, Methods = CarryingOrAuto, Sequence = ArrowPath.Call("T6 -> S2 -> S1 => T5") },
        new("E4-d13", "FIG. 13 mirrored", T5First4, T7, IpVersion.V6)
        {
            Servers = BothDual,
            Methods = Judging,
            Sequence = [.. ArrowPath.Refused("T5 -> S1-1 -> S1-2"), .. ArrowPath.Call("T5 => S1-1 => S1-2 => T7")],
        },
        new("E4-d14", "FIG. 14 mirrored", T7, T5First4, IpVersion.V6) { Servers = BothDual, Methods = AlsoAuto, Sequence = ArrowPath.Call("T7 => S1-2 => S1-1 => T5") },
        new("E4-d15", "FIG. 15 mirrored; between the servers IPv6 comes first in either case", T5OnV4, T7, IpVersion.V6)
        {
            Servers = BothDual,
            Methods = Carrying,
            Sequence = [.. ArrowPath.Refused("T5 -> S1-1 => S1-2 => T7"), .. ArrowPath.Call("T5 -> S1-1 => S1-2 => T7")],
        },
        new("E4-d16", "FIG. 16 mirrored; between the servers IPv6 comes first in either case", T7, T5OnV4, IpVersion.V6)
        {
            Servers = BothDual,
            Methods = Carrying,
            Sequence = ArrowPath.Call("T7 => S1-2 => S1-1 -> T5"),
        },
        new("E4-d17", "FIG. 17 mirrored: the other domain has IPv6 only", T5First4, T7, IpVersion.V6)
        {
            Servers = OneDual,
            Methods = AlsoAuto,
            Sequence = [.. ArrowPath.Refused("T5 -> S1"), .. ArrowPath.Call("T5 => S1 => S2 => T7")],
        },
        new("E4-d18", "FIG. 18 mirrored", T7, T5First4, IpVersion.V6) { Servers = OneDual, Methods = AlsoAuto, Sequence = ArrowPath.Call("T7 => S2 => S1 => T5") },
        new("E4-d19", "FIG. 19 mirrored", T5OnV4, T7, IpVersion.V6)
        {
            Servers = OneDual,
            Methods = Carrying,
            Sequence = [.. ArrowPath.Refused("T5 -> S1 => S2 => T7"), .. ArrowPath.Call("T5 -> S1 => S2 => T7")],
        },
        new("E4-d20", "FIG. 20 mirrored", T7, T5OnV4, IpVersion.V6) { Servers = OneDual, Methods = CarryingOrAuto, Sequence = ArrowPath.Call("T7 => S2 => S1 -> T5") },
    ];

    /// <summary>The figure of that name; null when there is none.</summary>
    public static Figure? Find(string name) => All.FirstOrDefault(figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
