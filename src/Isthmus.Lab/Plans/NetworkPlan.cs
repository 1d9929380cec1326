// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The hosts of a network with their addresses, which are those for documentation (RFC 5737, RFC 3849).</summary>
internal sealed class NetworkPlan
{
    private const int RouterNumber = 1;

    private readonly IReadOnlyDictionary<string, LabDomain> _homes;

    private NetworkPlan(LabNetwork network, IReadOnlyList<(Terminal Terminal, LabDomain Home)> terminals)
    {
        _homes = terminals.ToDictionary(one => one.Terminal.Name, one => one.Home);
        Network = network;
        Hosts =
        [
            .. terminals.Take(1).Select(one => HostOf(one.Terminal.Name, one.Terminal.Has)),
            .. network.Domains.SelectMany(domain => domain.Servers.Select(server => HostOf(server, domain.ServerHas))),
            .. terminals.Skip(1).Select(one => HostOf(one.Terminal.Name, one.Terminal.Has)),
            .. network.Domains.Where(domain => domain.NameServer is not null).Select(domain => HostOf(domain.NameServer!, IpVersions.Both)),
        ];
        Segments = [.. Hosts.Select(host => host.Segment).Append(Segment.Dual).Distinct().Order()];
    }

    public LabNetwork Network { get; }

    public IReadOnlyList<HostPlan> Hosts { get; }

    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>A figure in a network: its left terminal is of the first domain, its right one of the last.</summary>
    public static NetworkPlan Of(Figure figure, LabNetwork network) =>
        Of(network, (figure.Left, network.Domains[0]), (figure.Right, network.Domains[^1]));

    /// <summary>These terminals, each with its domain, in a network.</summary>
    public static NetworkPlan Of(LabNetwork network, params IReadOnlyList<(Terminal Terminal, LabDomain Home)> terminals) => new(network, terminals);

    public HostPlan Host(string name) => Hosts.First(host => host.Name == name);

    /// <summary>The domain of a terminal.</summary>
    public LabDomain HomeOf(Terminal terminal) => _homes[terminal.Name];

    /// <summary>The domain of a host, terminal or server; null for none.</summary>
    public LabDomain? DomainOf(string host) =>
        _homes.GetValueOrDefault(host) ?? Network.Domains.FirstOrDefault(domain => domain.NameServer == host || domain.Servers.Contains(host));

    public string AddressOfRecord(Terminal terminal) => $"sip:{terminal.User}@{HomeOf(terminal).Name}";

    /// <summary>Who sent a captured frame; null for the router and for whom the plan does not know.</summary>
    public string? SenderOf(ReadOnlySpan<byte> frame) => HardwareAddress.OfSender(frame) is { } sender ? Hosts.FirstOrDefault(host => host.Mac == sender)?.Name : null;

    /// <summary>Who has an address; null for the router's.</summary>
    public string? OwnerOf(IPAddress address) => Hosts.FirstOrDefault(host => address.Equals(host.V4) || address.Equals(host.V6))?.Name;

    public static IpVersions VersionsOf(Segment segment) => segment switch { Segment.Ipv4 => IpVersions.V4, Segment.Ipv6 => IpVersions.V6, _ => IpVersions.Both };

    /// <summary>The router's Ethernet address on a segment.</summary>
    public static HardwareAddress RouterMac(Segment segment) => new(segment, RouterNumber);

    /// <summary>The router's address on a segment; null when the segment has not that version.</summary>
    public static IPAddress? RouterAddress(Segment segment, IpVersion version) => Address(segment, version, RouterNumber);

    /// <summary>The address with that number on a segment.</summary>
    private static IPAddress? Address(Segment segment, IpVersion version, int number) => (segment, version) switch
    {
        (Segment.Dual, IpVersion.V4) => IPAddress.Parse($"192.0.2.{number}"),
        (Segment.Ipv4, IpVersion.V4) => IPAddress.Parse($"198.51.100.{number}"),
        (Segment.Far, IpVersion.V4) => IPAddress.Parse($"203.0.113.{number}"),
        (Segment.Dual, IpVersion.V6) => IPAddress.Parse($"2001:db8:0:d::{number}"),
        (Segment.Far, IpVersion.V6) => IPAddress.Parse($"2001:db8:0:f::{number}"),
        (Segment.Ipv6, IpVersion.V6) => IPAddress.Parse($"2001:db8:0:6::{number}"),
        _ => null,
    };

    private HostPlan HostOf(string name, IpVersions has)
    {
        Segment segment = Network.SegmentOf(name);
        int number = NumberOf(name);
        return new(name, segment, new HardwareAddress(segment, number), Of(IpVersion.V4), Of(IpVersion.V6));

        IPAddress? Of(IpVersion version) => has.Has(version) ? Address(segment, version, number) : null;
    }

    // T5 has 5, S1 has 10, S1-2 has 12, S2 has 20, N1 has 51.
    private static int NumberOf(string name)
    {
        int[] digits = [.. name[1..].Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return name[0] switch { 'T' => digits[0], 'S' => (digits[0] * 10) + digits.ElementAtOrDefault(1), _ => 50 + digits[0] };
    }
}
