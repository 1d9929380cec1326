// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

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

    /// <summary>The zone of a domain as its host plan says: the preferred transport first, its servers in their order. A server without a version has no record of it.</summary>
    public static Zone Of(NetworkPlan plan, LabDomain domain, SipTransport preferred = SipTransport.Udp)
    {
        HostPlan names = plan.Host(domain.NameServer!);
        string nameServer = NameOf(names);
        SipTransport[] transports = preferred == SipTransport.Tcp ? [SipTransport.Tcp, SipTransport.Udp] : [SipTransport.Udp, SipTransport.Tcp];
        HostPlan[] servers = [.. domain.Servers.Select(plan.Host)];
        return new(domain.Name,
        [
            new("@", DnsType.NS, nameServer),
            .. names.Addresses.Select(address => Address(nameServer, address)),
            .. transports.Select((transport, i) => new ZoneRecord("@", DnsType.NAPTR, $"{(i + 1) * 10} 50 \"s\" \"SIP+D2{(transport == SipTransport.Tcp ? 'T' : 'U')}\" \"\" _sip._{transport.UriToken}.{domain.Name}.")),
            .. from transport in transports
               from server in servers.Index()
               select new ZoneRecord($"_sip._{transport.UriToken}", DnsType.SRV, $"{(server.Index + 1) * 10} 50 {ServerProgram.Port} {NameOf(server.Item)}"),
            .. from server in servers from address in server.Addresses select Address(NameOf(server), address),
        ]);
    }

    private static string NameOf(HostPlan host) => host.Name.ToLowerInvariant();

    private static ZoneRecord Address(string owner, IPAddress address) =>
        new(owner, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? DnsType.AAAA : DnsType.A, address.ToString());
}
