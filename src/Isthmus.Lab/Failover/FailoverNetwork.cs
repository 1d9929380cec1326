// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// The network of the measurements: the caller, S1 and the DNS servers on one segment; behind the router the two servers of the domain that is called, and the
/// server of a third domain, which is always well.
/// </summary>
internal static class FailoverNetwork
{
    /// <summary>The domain whose way is disturbed.</summary>
    public static LabDomain Called { get; } = new("b.example", "S2-1", IpVersions.Both) { NameServer = "N2", Spares = ["S2-2"] };

    /// <summary>The domain by which everything is made warm.</summary>
    public static LabDomain Well { get; } = new("c.example", "S3", IpVersions.Both) { NameServer = "N3" };

    public static LabDomain Home { get; } = new("a.example", "S1", IpVersions.Both) { NameServer = "N1" };

    public static Terminal Caller { get; } = new("T5", IpVersions.Both, RegistrationMode.Both);

    /// <summary>Its hosts and addresses.</summary>
    public static NetworkPlan Plan { get; } = NetworkPlan.Of(
        new LabNetwork("failover", "T5, S1 and the DNS servers on a dual-stack network, the servers of the other domains on another")
        {
            Domains = [Home, Called, Well],
            Elsewhere = new Dictionary<string, Segment> { ["S2-1"] = Segment.Far, ["S2-2"] = Segment.Far, ["S3"] = Segment.Far },
        },
        (Caller, Home));

    /// <summary>The hosts that get packets, but not those of these versions.</summary>
    public static (IReadOnlyList<string> Hosts, IpVersions Versions) Lost(FailoverFault fault) => fault switch
    {
        FailoverFault.Ipv6Lost => ([.. Called.Servers], IpVersions.V6),
        FailoverFault.Ipv4Lost => ([.. Called.Servers], IpVersions.V4),
        FailoverFault.FirstSilent => ([Called.Server], IpVersions.Both),
        _ => ([], IpVersions.None),
    };
}
