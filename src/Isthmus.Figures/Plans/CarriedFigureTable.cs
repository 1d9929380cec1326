// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using static Isthmus.Figures.Terminals;

namespace Isthmus.Figures;

/// <summary>FIG. 10: requests that are no calls cross the server between the IP versions, whatever the judge's method. A new row is one entry.</summary>
public static class CarriedFigureTable
{
    private static readonly JudgeMethod[] Every = [JudgeMethod.Auto, JudgeMethod.Arrival, JudgeMethod.Session, JudgeMethod.Carry];

    /// <summary>All figures in their order.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("10-1", "MESSAGE from an IPv6-only terminal to an IPv4-only one", T7, T6, IpVersion.V4) { Methods = Every, Requests = [SipMethod.Message], Sequence = ArrowPath.Carried("T7 => S1 -> T6", "MESSAGE") },
        new("10-2", "MESSAGE from an IPv4-only terminal to an IPv6-only one", T6, T7, IpVersion.V6) { Methods = Every, Requests = [SipMethod.Message], Sequence = ArrowPath.Carried("T6 -> S1 => T7", "MESSAGE") },
        new("10-3", "an IPv6-only terminal subscribes to an IPv4-only one, which notifies it", T7, T6, IpVersion.V4)
        {
            Methods = Every,
            Requests = [SipMethod.Subscribe, SipMethod.Notify],
            Sequence = [.. ArrowPath.Carried("T7 => S1 -> T6", "SUBSCRIBE"), .. ArrowPath.Carried("T6 -> S1 => T7", "NOTIFY")],
        },
        new("10-4", "an IPv4-only terminal subscribes to an IPv6-only one, such as a presence server, which notifies it", T6, T7, IpVersion.V6)
        {
            Methods = Every,
            Requests = [SipMethod.Subscribe, SipMethod.Notify],
            Sequence = [.. ArrowPath.Carried("T6 -> S1 => T7", "SUBSCRIBE"), .. ArrowPath.Carried("T7 => S1 -> T6", "NOTIFY")],
        },
    ];
}
