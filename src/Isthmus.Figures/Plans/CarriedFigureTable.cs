// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using static Isthmus.Figures.Terminals;

namespace Isthmus.Figures;

/// <summary>
/// FIG. 10: requests that are no calls cross the server between the IP versions, whatever the judge's method: between terminals, and to and from a presence server that
/// has one version only. A new row is one entry.
/// </summary>
public static class CarriedFigureTable
{
    private const string Friends = "friends";

    private static readonly JudgeMethod[] Every = [JudgeMethod.Auto, JudgeMethod.Arrival, JudgeMethod.Session, JudgeMethod.Carry];
    private static readonly SipMethod[] Watching = [SipMethod.Subscribe, SipMethod.Notify];
    private static readonly SipMethod[] Publishing = [SipMethod.Publish, .. Watching];
    private static readonly string[] Foreign = ["S1", "S2"];

    /// <summary>All figures in their order.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("10-1", "MESSAGE from an IPv6-only terminal to an IPv4-only one", T7, T6, IpVersion.V4)
        {
            Methods = Every,
            Steps = [new(T7, SipMethod.Message, T6)],
            Requests = [SipMethod.Message],
            Sequence = ArrowPath.Carried("T7 => S1 -> T6", "MESSAGE"),
        },
        new("10-2", "MESSAGE from an IPv4-only terminal to an IPv6-only one", T6, T7, IpVersion.V6)
        {
            Methods = Every,
            Steps = [new(T6, SipMethod.Message, T7)],
            Requests = [SipMethod.Message],
            Sequence = ArrowPath.Carried("T6 -> S1 => T7", "MESSAGE"),
        },
        new("10-3", "an IPv6-only terminal subscribes to an IPv4-only one, which notifies it", T7, T6, IpVersion.V4)
        {
            Methods = Every,
            Steps = [new(T7, SipMethod.Subscribe, T6)],
            Requests = Watching,
            Sequence = [.. ArrowPath.Carried("T7 => S1 -> T6", "SUBSCRIBE"), .. ArrowPath.Carried("T6 -> S1 => T7", "NOTIFY")],
        },
        new("10-4", "an IPv4-only terminal subscribes to an IPv6-only one, which notifies it", T6, T7, IpVersion.V6)
        {
            Methods = Every,
            Steps = [new(T6, SipMethod.Subscribe, T7)],
            Requests = Watching,
            Sequence = [.. ArrowPath.Carried("T6 -> S1 => T7", "SUBSCRIBE"), .. ArrowPath.Carried("T7 => S1 -> T6", "NOTIFY")],
        },
        new("10-5", "an IPv4-only terminal watches somebody whose presence server has IPv6 only", T6, T7, IpVersion.V6)
        {
            Servers = Foreign,
            PresenceServer = "S2",
            Methods = Every,
            Steps = [new(T7, SipMethod.Publish, T7), new(T6, SipMethod.Subscribe, T7), new(T7, SipMethod.Publish, T7)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T7 => S2", "PUBLISH"), .. ArrowPath.Carried("T6 -> S1 => S2", "SUBSCRIBE"), .. ArrowPath.Carried("S2 => S1 -> T6", "NOTIFY")],
        },
        new("10-6", "an IPv6-only terminal watches somebody whose presence server has IPv4 only", T7, T6, IpVersion.V4)
        {
            Left = T7,
            Servers = Foreign,
            PresenceServer = "S2",
            Methods = Every,
            Steps = [new(T6, SipMethod.Publish, T6), new(T7, SipMethod.Subscribe, T6), new(T6, SipMethod.Publish, T6)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T6 -> S2", "PUBLISH"), .. ArrowPath.Carried("T7 => S1 -> S2", "SUBSCRIBE"), .. ArrowPath.Carried("S2 -> S1 => T7", "NOTIFY")],
        },
        new("10-7", "an IPv4-only terminal publishes at a presence server that has IPv6 only", T6, T7, IpVersion.V6)
        {
            Servers = Foreign,
            PresenceServer = "S2",
            Methods = Every,
            Steps = [new(T6, SipMethod.Publish, T6), new(T7, SipMethod.Subscribe, T6), new(T6, SipMethod.Publish, T6)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T6 -> S1 => S2", "PUBLISH"), .. ArrowPath.Carried("T7 => S2", "SUBSCRIBE"), .. ArrowPath.Carried("S2 => T7", "NOTIFY")],
        },
        new("10-8", "an IPv6-only terminal publishes at a presence server that has IPv4 only", T7, T6, IpVersion.V4)
        {
            Left = T7,
            Servers = Foreign,
            PresenceServer = "S2",
            Methods = Every,
            Steps = [new(T7, SipMethod.Publish, T7), new(T6, SipMethod.Subscribe, T7), new(T7, SipMethod.Publish, T7)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T7 => S1 -> S2", "PUBLISH"), .. ArrowPath.Carried("T6 -> S2", "SUBSCRIBE"), .. ArrowPath.Carried("S2 -> T6", "NOTIFY")],
        },
        new("10-9", "an IPv6-only terminal watches an IPv4-only one, whose presence the server keeps", T7, T6, IpVersion.V4)
        {
            PresenceServer = "S1",
            Methods = Every,
            Steps = [new(T6, SipMethod.Publish, T6), new(T7, SipMethod.Subscribe, T6), new(T6, SipMethod.Publish, T6)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T6 -> S1", "PUBLISH"), .. ArrowPath.Carried("T7 => S1", "SUBSCRIBE"), .. ArrowPath.Carried("S1 => T7", "NOTIFY")],
        },
        new("10-10", "an IPv4-only terminal watches an IPv6-only one, whose presence the server keeps", T6, T7, IpVersion.V6)
        {
            PresenceServer = "S1",
            Methods = Every,
            Steps = [new(T7, SipMethod.Publish, T7), new(T6, SipMethod.Subscribe, T7), new(T7, SipMethod.Publish, T7)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T7 => S1", "PUBLISH"), .. ArrowPath.Carried("T6 -> S1", "SUBSCRIBE"), .. ArrowPath.Carried("S1 -> T6", "NOTIFY")],
        },
        new("10-11", "an IPv6-only terminal watches a list of users with one subscription, an IPv4-only one among them", T7, T6, IpVersion.V4)
        {
            PresenceServer = "S1",
            Methods = Every,
            Steps = [new(T6, SipMethod.Publish, T6), new(T7, SipMethod.Subscribe, T6) { List = Friends }, new(T6, SipMethod.Publish, T6)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T6 -> S1", "PUBLISH"), .. ArrowPath.Carried("T7 => S1", "SUBSCRIBE"), .. ArrowPath.Carried("S1 => T7", "NOTIFY")],
        },
        new("10-12", "an IPv4-only terminal watches a list of users with one subscription, an IPv6-only one among them", T6, T7, IpVersion.V6)
        {
            PresenceServer = "S1",
            Methods = Every,
            Steps = [new(T7, SipMethod.Publish, T7), new(T6, SipMethod.Subscribe, T7) { List = Friends }, new(T7, SipMethod.Publish, T7)],
            Requests = Publishing,
            Sequence = [.. ArrowPath.Carried("T7 => S1", "PUBLISH"), .. ArrowPath.Carried("T6 -> S1", "SUBSCRIBE"), .. ArrowPath.Carried("S1 -> T6", "NOTIFY")],
        },
        new("10-13", "an IPv6-only terminal writes to an IPv4-only one that is not there yet: the server keeps the message", T7, T6, IpVersion.V4)
        {
            CalleeComesLater = true,
            Methods = Every,
            Steps = [new(T7, SipMethod.Message, T6)],
            Requests = [SipMethod.Message],
            Sequence = [.. ArrowPath.Carried("T7 => S1", "MESSAGE", "202"), .. ArrowPath.Carried("S1 -> T6", "MESSAGE")],
        },
        new("10-14", "an IPv4-only terminal writes to an IPv6-only one that is not there yet: the server keeps the message", T6, T7, IpVersion.V6)
        {
            CalleeComesLater = true,
            Methods = Every,
            Steps = [new(T6, SipMethod.Message, T7)],
            Requests = [SipMethod.Message],
            Sequence = [.. ArrowPath.Carried("T6 -> S1", "MESSAGE", "202"), .. ArrowPath.Carried("S1 => T7", "MESSAGE")],
        },
    ];
}
