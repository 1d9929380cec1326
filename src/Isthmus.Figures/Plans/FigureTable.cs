// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using static Isthmus.Figures.Terminals;

namespace Isthmus.Figures;

/// <summary>The figures with one server: FIG. 3 to 8 and the rows of embodiment 4. A new row is one entry.</summary>
public static class FigureTable
{
    private static readonly JudgeMethod[] Judging = [JudgeMethod.Arrival, JudgeMethod.Session, JudgeMethod.Auto];
    private static readonly JudgeMethod[] Carrying = [JudgeMethod.Carry, JudgeMethod.Auto];
    private static readonly JudgeMethod[] Every = [JudgeMethod.Auto, JudgeMethod.Arrival, JudgeMethod.Session, JudgeMethod.Carry];

    private static readonly string[] T5RedirectedTo4 = [.. ArrowPath.Refused("T5 => S1"), .. ArrowPath.Call("T5 -> S1 -> T6")];
    private static readonly string[] T6ToT5 = ArrowPath.Call("T6 -> S1 -> T5");

    /// <summary>All figures in their order.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("3", "dual-stack caller, registered on both versions, is redirected to IPv4", T5, T6, IpVersion.V4) { Methods = Judging, Sequence = T5RedirectedTo4 },
        new("4", "IPv4-only caller reaches the IPv4 binding of a dual-stack terminal", T6, T5, IpVersion.V4) { Methods = Judging, Sequence = T6ToT5 },
        new("5", "as FIG. 3, both addresses in one REGISTER", T5Once, T6, IpVersion.V4) { Methods = Judging, Sequence = T5RedirectedTo4 },
        new("6", "as FIG. 4, both addresses in one REGISTER", T6, T5Once, IpVersion.V4) { Methods = Judging, Sequence = T6ToT5 },
        new("7", "the called terminal judges: signalling stays on IPv6, media goes to IPv4", T5OnV6, T6, IpVersion.V4)
        {
            Methods = Carrying,
            Sequence = [.. ArrowPath.Refused("T5 => S1 -> T6"), .. ArrowPath.Call("T5 => S1 -> T6")],
        },
        new("8", "called on IPv6 with an IPv4 offer, a dual-stack terminal answers with IPv4", T6, T5OnV6, IpVersion.V4) { Methods = Carrying, Sequence = ArrowPath.Call("T6 -> S1 => T5") },
        new("E4-a1", "dual-stack to IPv6-only, begun on IPv6", T5, T7, IpVersion.V6) { Methods = Judging, Sequence = ArrowPath.Call("T5 => S1 => T7") },
        new("E4-a2", "dual-stack to IPv6-only, begun on IPv4: redirected to IPv6", T5First4, T7, IpVersion.V6)
        {
            Methods = Judging,
            Sequence = [.. ArrowPath.Refused("T5 -> S1"), .. ArrowPath.Call("T5 => S1 => T7")],
        },
        new("E4-a3", "IPv6-only to dual-stack", T7, T5, IpVersion.V6) { Methods = Judging, Sequence = ArrowPath.Call("T7 => S1 => T5") },
        new("E4-b1", "dual-stack to dual-stack on IPv6", T5, T8, IpVersion.V6) { Methods = Every, Sequence = ArrowPath.Call("T5 => S1 => T8") },
        new("E4-b2", "dual-stack to dual-stack on IPv4", T5First4, T8, IpVersion.V4) { Methods = Every, Sequence = ArrowPath.Call("T5 -> S1 -> T8") },
        new("E4-b3", "the other dual-stack terminal calls", T8, T5, IpVersion.V6) { Methods = Every, Sequence = ArrowPath.Call("T8 => S1 => T5") },
        new("E4-c1", "two dual-stack terminals that registered different addresses", T5OnV6, T8OnV4, IpVersion.V6) { Methods = Carrying, Sequence = ArrowPath.Call("T5 => S1 -> T8") },
        new("E4-c2", "and the other way round", T8OnV4 with { Prefer = IpVersion.V4 }, T5OnV6, IpVersion.V4) { Methods = Carrying, Sequence = ArrowPath.Call("T8 -> S1 => T5") },
    ];

    /// <summary>The figure of that name; null when there is none.</summary>
    public static Figure? Find(string name) => All.FirstOrDefault(figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
