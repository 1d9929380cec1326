// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>Addresses as session descriptions write them: no brackets, no ports, no octal or shortened IPv4 (RFC 8866 §9).</summary>
internal static class AddressText
{
    private static readonly SearchValues<char> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads an address, or finds a domain name (then <paramref name="address"/> is null). A zone is read over.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        if (text.IsEmpty || text.Length > 255)
        {
            return false;
        }

        return text.Contains(':') ? TryParseV6(text, out address) : TryParseV4(text, out address) || IsName(text);
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        var zone = text.IndexOf('%');
        var bare = zone < 0 ? text : text[..zone];
        if (bare.ContainsAnyExcept(V6Characters) || !IPAddress.TryParse(bare, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        address = parsed.Unmapped;
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        Span<byte> octets = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (count == 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out octets[count]))
            {
                return false;
            }

            count++;
        }

        if (count != 4)
        {
            return false;
        }

        address = new IPAddress(octets);
        return true;
    }

    // The last label of a name is never all digits: "10.1" and "999.1.1.1" are broken addresses, not names.
    private static bool IsName(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd('.');
        foreach (var c in trimmed)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        var last = trimmed[(trimmed.LastIndexOf('.') + 1)..];
        return last.ContainsAnyExceptInRange('0', '9');
    }
}
