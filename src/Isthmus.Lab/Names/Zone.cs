// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Lab;

/// <summary>A record of a zone: owner (relative to the zone, <c>@</c> for the zone itself), type, and data as a zone file writes it.</summary>
internal sealed record ZoneRecord(string Owner, DnsType Type, string Data)
{
    /// <summary>Seconds it may be kept; the zone's when null.</summary>
    public int? Seconds { get; init; }
}

/// <summary>The zone of a SIP domain: which transports it has (NAPTR), its servers (SRV), and their addresses (AAAA, A). RFC 3263 §4.</summary>
internal sealed record Zone(string Name, IReadOnlyList<ZoneRecord> Records)
{
    /// <summary>Seconds that its records may be kept.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>The zone of a domain as its host plan says: UDP before TCP, one server. A server without a version has no record of it.</summary>
    public static Zone Of(NetworkPlan plan, LabDomain domain)
    {
        HostPlan server = plan.Host(domain.Server), names = plan.Host(domain.NameServer!);
        string serverName = server.Name.ToLowerInvariant(), nameServer = names.Name.ToLowerInvariant();
        return new(domain.Name,
        [
            new("@", DnsType.NS, nameServer),
            .. names.Addresses.Select(address => Address(nameServer, address)),
            new("@", DnsType.NAPTR, $"10 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.{domain.Name}."),
            new("@", DnsType.NAPTR, $"20 50 \"s\" \"SIP+D2T\" \"\" _sip._tcp.{domain.Name}."),
            new("_sip._udp", DnsType.SRV, $"10 50 {ServerProgram.Port} {serverName}"),
            new("_sip._tcp", DnsType.SRV, $"10 50 {ServerProgram.Port} {serverName}"),
            .. server.Addresses.Select(address => Address(serverName, address)),
        ]);
    }

    private static ZoneRecord Address(string owner, IPAddress address) =>
        new(owner, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? DnsType.AAAA : DnsType.A, address.ToString());
}
