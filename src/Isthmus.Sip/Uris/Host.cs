// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip;

/// <summary>
/// A host: an IPv4 address, an IPv6 address (perhaps with a zone) or a name (RFC 3261 §25.1, corrected by RFC 5954).
/// IPv6 addresses are equal when they are the same address, however they are written; names are equal without regard to case.
/// </summary>
public readonly struct Host : IEquatable<Host>
{
    private const int LongestV6 = 100;
    private const string EscapedPercent = "%25";
    private readonly string? _text; // the name, or an address's zone

    private Host(IPAddress? address, string? text)
    {
        Address = address;
        _text = text;
    }

    /// <summary>The address; null for a name. Never an IPv4-mapped one: that is the IPv4 address it stands for.</summary>
    public IPAddress? Address { get; }

    /// <summary>Whether this is a name.</summary>
    [MemberNotNullWhen(false, nameof(Address))]
    public bool IsName => Address is null;

    /// <summary>
    /// The zone of an address where it is a name, such as <c>eth0</c>; else null. It means something on one machine only, so that the address is without it; a
    /// zone that is a number stands in the address.
    /// </summary>
    public string? Zone => Address is null ? null : _text;

    /// <summary>The IP version of an address; null for a name.</summary>
    public IpVersion? Version => Address?.Version;

    /// <summary>The host that an address is; an IPv4-mapped IPv6 address becomes IPv4.</summary>
    public static Host From(IPAddress address) => new(address.Unmapped, null);

    /// <summary>Reads a host; an IPv6 address stands in brackets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Host host)
    {
        host = default;
        if (text.IsEmpty || text.Length > HostText.Longest)
        {
            return false;
        }

        if (text[0] == '[')
        {
            return text[^1] == ']' && TryParseV6(text[1..^1], out host, isEscaped: true);
        }

        bool isV4 = HostText.TryReadV4(text, out uint address);
        if (!isV4 && !HostText.IsName(text))
        {
            return false;
        }

        Span<byte> bits = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bits, address);
        host = isV4 ? new(new IPAddress(bits), null) : new(null, Characters.Text(text));
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Host)"/>
    public static bool TryParse(string text, out Host host) => TryParse(System.Text.Encoding.UTF8.GetBytes(text), out host);

    /// <summary>Reads an IPv6 address without brackets, also with the third colon that RFC 5118 §4.10 asks to tolerate.</summary>
    /// <param name="text">The address; a zone stands behind <c>%</c>, or in a URI behind <c>%25</c> (RFC 6874).</param>
    /// <param name="host">The host.</param>
    /// <param name="isEscaped">Whether it comes from a URI.</param>
    internal static bool TryParseV6(ReadOnlySpan<byte> text, out Host host, bool isEscaped = false)
    {
        host = default;
        if (!MayBeV6(text))
        {
            return false;
        }

        int percent = text.IndexOf((byte)'%');
        var zone = percent < 0 ? default : text[(percent + 1)..];
        if (isEscaped && zone.Length > 2 && zone.StartsWith("25"u8))
        {
            zone = zone[2..];
        }

        string address = Characters.Text(percent < 0 ? text : text[..percent]);
        int triple = address.IndexOf(":::", StringComparison.Ordinal);
        if (triple >= 0)
        {
            address = address.Remove(triple, 1);
        }

        // A zone that is a name is not looked up here: that would ask the machine, once for each host that anybody sends.
        bool isNumber = Numbers.TryParse(zone, uint.MaxValue, out uint number);
        if ((percent >= 0 && !isNumber && !IsZoneName(zone)) || !IPAddress.TryParse(address, out IPAddress? v6) || v6.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        if (isNumber)
        {
            v6.ScopeId = number;
        }

        // An IPv4 address has no zone, also where it is written as an IPv6 one.
        host = new(v6.Unmapped, isNumber || percent < 0 || v6.IsIPv4MappedToIPv6 ? null : Characters.Text(zone));
        return true;
    }

    /// <summary>Whether the text, which is a host as a URI or a Via writes it, is this one; makes nothing for all usual forms.</summary>
    internal bool IsWrittenAs(ReadOnlySpan<byte> text)
    {
        if (Address is null)
        {
            return System.Text.Ascii.EqualsIgnoreCase(text.EndsWith("."u8) ? text[..^1] : text, WithoutRootDot(_text));
        }

        Span<byte> mine = stackalloc byte[16];
        Span<byte> written = stackalloc byte[16];
        if (_text is null && TryReadBits(text, written, out int length))
        {
            return Address.TryWriteBytes(mine, out int bits) && mine[..bits].SequenceEqual(written[..length]) && (length == 4 || Address.ScopeId == 0);
        }

        return !text.IsEmpty && text[0] == '[' && TryParse(text, out Host host) && Equals(host);
    }

    /// <summary>Writes the one form of a host that stands for all: in lower case, without a root dot; false when the target is too small.</summary>
    internal static bool TryFormatCanonical(ReadOnlySpan<byte> text, Span<byte> target, out int written)
    {
        written = 0;
        if (text[0] != '[' && !IsDottedQuad(text))
        {
            return System.Text.Ascii.ToLower(text.TrimEnd((byte)'.'), target, out written) == System.Buffers.OperationStatus.Done;
        }

        _ = TryParse(text, out Host host); // looked at before
        return System.Text.Encoding.UTF8.TryGetBytes(host.ToString().ToLowerInvariant(), target, out written);
    }

    /// <inheritdoc/>
    public bool Equals(Host other) => Address is not null
        ? Address.Equals(other.Address) && _text == other._text
        : other.Address is null && WithoutRootDot(_text).Equals(WithoutRootDot(other._text), StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Host other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Address?.GetHashCode() ?? string.GetHashCode(WithoutRootDot(_text), StringComparison.OrdinalIgnoreCase);

    /// <summary>The host as it is written in a URI: an IPv6 address in brackets, its zone behind <c>%25</c> (RFC 6874).</summary>
    public override string ToString() => Address switch
    {
        null => _text ?? "",
        _ when _text is not null => $"[{Address}{EscapedPercent}{_text}]",
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: > 0 } => $"[{Address.ToString().Replace("%", EscapedPercent, StringComparison.Ordinal)}]",
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"[{Address}]",
        _ => Address.ToString(),
    };

    /// <summary>Whether both are the same host.</summary>
    public static bool operator ==(Host left, Host right) => left.Equals(right);

    /// <summary>Whether they are different hosts.</summary>
    public static bool operator !=(Host left, Host right) => !left.Equals(right);

    private static ReadOnlySpan<char> WithoutRootDot(string? name) => name is [.., '.'] ? name.AsSpan(0, name.Length - 1) : name;

    private static bool MayBeV6(ReadOnlySpan<byte> text) => text.Length is >= 2 and <= LongestV6 && text.Contains((byte)':') && !text.ContainsAny("[]/"u8);

    private static bool IsZoneName(ReadOnlySpan<byte> text) => Characters.Are(text, Characters.HostName);

    private static bool IsDottedQuad(ReadOnlySpan<byte> text) => Characters.Are(text, Characters.DottedQuad);

    // The octets of an address: of IPv4 where it is one or is mapped. Forms that are rare are left to the one who makes something of them.
    private static bool TryReadBits(ReadOnlySpan<byte> text, Span<byte> bits, out int length)
    {
        length = 0;
        if (text.IsEmpty || text[0] != '[')
        {
            length = 4;
            bool isQuad = HostText.TryReadV4(text, out uint address);
            BinaryPrimitives.WriteUInt32BigEndian(bits, address);
            return isQuad;
        }

        if (text[^1] != ']' || !Ipv6Text.TryRead(text[1..^1], bits))
        {
            return false;
        }

        bool isMapped = !bits[..10].ContainsAnyExcept((byte)0) && bits[10] == 0xff && bits[11] == 0xff;
        if (isMapped)
        {
            bits[12..16].CopyTo(bits);
        }

        length = isMapped ? 4 : 16;
        return true;
    }
}
