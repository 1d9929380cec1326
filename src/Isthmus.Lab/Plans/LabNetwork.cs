// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>A network as FIG. 1, 2, 9, 11 and 12 draw them: the domains, and who is not on the dual-stack segment.</summary>
/// <param name="Name">The number of its figure.</param>
/// <param name="Title">Who is where, in one line.</param>
public sealed record LabNetwork(string Name, string Title)
{
    private static readonly LabDomain OneDomain = new("isthmus.example", "S1", IpVersions.Both);

    /// <summary>FIG. 1: everybody on one dual-stack network.</summary>
    public static LabNetwork Figure1 { get; } = new("1", "T5, T6 and S1 on one dual-stack network") { Domains = [OneDomain] };

    /// <summary>FIG. 2: T6 on an IPv4 network behind the dual router; and T7, mirrored, on an IPv6 network.</summary>
    public static LabNetwork Figure2 { get; } = new("2", "T5 and S1 on a dual-stack network, T6 on an IPv4 or T7 on an IPv6 network, a dual router between them")
    {
        Domains = [OneDomain],
        Elsewhere = new Dictionary<string, Segment> { ["T6"] = Segment.Ipv4, ["T7"] = Segment.Ipv6 },
    };

    /// <summary>FIG. 9: an IPv6-only and an IPv4-only terminal beside the server.</summary>
    public static LabNetwork Figure9 { get; } = new("9", "T7, T6 and S1 on one dual-stack network") { Domains = [OneDomain] };

    /// <summary>FIG. 11: two domains with dual-stack servers on one dual-stack network, each with its DNS server.</summary>
    public static LabNetwork Figure11 { get; } = new("11", "T5, T6, S1-1, S1-2 and their DNS servers on one dual-stack network")
    {
        Domains = [new("a.example", "S1-1", IpVersions.Both) { NameServer = "N1" }, new("b.example", "S1-2", IpVersions.Both) { NameServer = "N2" }],
    };

    /// <summary>FIG. 12: the other domain is on an IPv4 network, with its server, its DNS server and T6.</summary>
    public static LabNetwork Figure12 { get; } = new("12", "T5, S1 and its DNS server on a dual-stack network; T6, S2 and its DNS server on an IPv4 network; a dual router between them")
    {
        Domains = [new("a.example", "S1", IpVersions.Both) { NameServer = "N1" }, new("b.example", "S2", IpVersions.V4) { NameServer = "N2" }],
        Elsewhere = new Dictionary<string, Segment> { ["T6"] = Segment.Ipv4, ["S2"] = Segment.Ipv4, ["N2"] = Segment.Ipv4 },
    };

    /// <summary>FIG. 12 mirrored: the other domain is on an IPv6 network, with its server, its DNS server and T7.</summary>
    public static LabNetwork Figure12Mirrored { get; } = new("12", "T5, S1 and its DNS server on a dual-stack network; T7, S2 and its DNS server on an IPv6 network; a dual router between them")
    {
        Domains = [new("a.example", "S1", IpVersions.Both) { NameServer = "N1" }, new("b.example", "S2", IpVersions.V6) { NameServer = "N2" }],
        Elsewhere = new Dictionary<string, Segment> { ["T7"] = Segment.Ipv6, ["S2"] = Segment.Ipv6, ["N2"] = Segment.Ipv6 },
    };

    /// <summary>The domains from left to right; the left terminal of a figure is of the first, the right one of the last.</summary>
    public required IReadOnlyList<LabDomain> Domains { get; init; }

    /// <summary>The hosts that are not on the dual-stack segment.</summary>
    public IReadOnlyDictionary<string, Segment> Elsewhere { get; init; } = new Dictionary<string, Segment>();

    /// <summary>The segment of a host.</summary>
    public Segment SegmentOf(string host) => Elsewhere.GetValueOrDefault(host, Segment.Dual);
}
