// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>Where media is received, <c>c=</c> (RFC 8866 §5.7).</summary>
public sealed record ConnectionData
{
    /// <summary>Usually <c>IN</c>.</summary>
    public required string NetworkType { get; init; }

    /// <summary>As written: <c>IP4</c>, <c>IP6</c>, or something else.</summary>
    public required string AddressType { get; init; }

    /// <summary>The address or name as written, without TTL and count.</summary>
    public required string AddressText { get; init; }

    /// <summary>The address; null for a domain name and for a network that is not the Internet. Never IPv4-mapped.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Multicast time-to-live, 0 to 255; IPv4 only.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>How many multicast addresses follow one another, from 1.</summary>
    public int? AddressCount { get; init; }

    /// <summary>The version: of the address, or as written for a domain name; null for other networks.</summary>
    public IpVersion? Version => Address?.Version ?? (NetworkType == "IN" ? VersionOf(AddressType) : null);

    /// <summary>Whether the address is unspecified (<c>0.0.0.0</c> or <c>::</c>): hold as RFC 2543 wrote it (RFC 3264 §8.4).</summary>
    public bool IsUnspecified => Address is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>The connection data for a unicast address.</summary>
    public static ConnectionData Create(IPAddress address) => new()
    {
        NetworkType = "IN",
        AddressType = address.Version.AddressType,
        AddressText = WithoutZone(address.Unmapped),
        Address = WithoutScope(address.Unmapped),
    };

    /// <summary>Reads the value of a <c>c=</c> line.</summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out ConnectionData? connection)
    {
        connection = null;
        var fields = new Fields(value);
        var network = fields.Next();
        var type = fields.Next();
        var address = fields.Next();
        if (address.IsEmpty || !fields.Rest.IsEmpty)
        {
            return false;
        }

        if (!network.SequenceEqual("IN") || VersionOf(type) is not { } written)
        {
            connection = new() { NetworkType = network.ToString(), AddressType = type.ToString(), AddressText = address.ToString() };
            return true;
        }

        var slash = address.IndexOf('/');
        var host = slash < 0 ? address : address[..slash];
        if (!TryReadHost(host, written, out var parsed) || !TryReadSuffix(slash < 0 ? [] : address[(slash + 1)..], written, out var ttl, out var count))
        {
            return false;
        }

        connection = new()
        {
            NetworkType = "IN",
            AddressType = type.ToString(),
            AddressText = host.ToString(),
            Address = parsed,
            TimeToLive = ttl,
            AddressCount = count,
        };
        return true;
    }

    /// <summary>The value of the line.</summary>
    public override string ToString()
    {
        var ttl = TimeToLive is { } t ? $"/{t}" : "";
        var count = AddressCount is { } n ? $"/{n}" : "";
        return $"{NetworkType} {AddressType} {AddressText}{ttl}{count}";
    }

    internal static IpVersion? VersionOf(ReadOnlySpan<char> addressType) =>
        addressType.Equals("IP4", StringComparison.OrdinalIgnoreCase) ? IpVersion.V4
        : addressType.Equals("IP6", StringComparison.OrdinalIgnoreCase) ? IpVersion.V6
        : null;

    // An IPv4-mapped address is written in IPv6's form, so it may stand under either type.
    private static bool TryReadHost(ReadOnlySpan<char> host, IpVersion written, out IPAddress? address) =>
        Sdp.AddressText.TryParse(host, out address)
        && (address is null || address.Version == written || (address.AddressFamily == AddressFamily.InterNetwork && host.Contains(':')));

    // RFC 8866 §5.7: IPv4 has /ttl[/count], IPv6 has /count.
    private static bool TryReadSuffix(ReadOnlySpan<char> text, IpVersion version, out int? ttl, out int? count)
    {
        (ttl, count) = (null, null);
        if (text.IsEmpty)
        {
            return true;
        }

        var slash = text.IndexOf('/');
        var first = slash < 0 ? text : text[..slash];
        var second = slash < 0 ? [] : text[(slash + 1)..];
        if (!TryReadNumber(first, out var a) || (slash >= 0 && !TryReadNumber(second, out _)))
        {
            return false;
        }

        if (version == IpVersion.V6)
        {
            count = a;
            return slash < 0 && a > 0;
        }

        ttl = a;
        if (slash >= 0)
        {
            TryReadNumber(second, out var b);
            count = b;
        }

        return a <= 255 && count is null or > 0;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string WithoutZone(IPAddress address) => WithoutScope(address).ToString();

    private static IPAddress WithoutScope(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
}
