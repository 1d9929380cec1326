// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Isthmus.Sip;

/// <summary>Where a host ends that stands in a text (RFC 3261 §25.1, corrected by RFC 5954); nothing is made of it.</summary>
internal static class HostText
{
    /// <summary>The longest host, in octets.</summary>
    public const int Longest = 255;

    /// <summary>Where the host that begins there ends: an IPv6 address in brackets, an IPv4 address or a name; negative where none does.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int at)
    {
        if ((uint)at >= (uint)text.Length)
        {
            return -1;
        }

        if (text.Length < Vector128<byte>.Count || !OctetSet.CanLookAtMany)
        {
            return ScanAny(text, at);
        }

        // Sixteen octets show every IPv4 address and nearly every name whole, and their dots with them.
        int from = Math.Min(at, text.Length - Vector128<byte>.Count);
        Vector128<byte> octets = Vector128.Create(text.Slice(from, Vector128<byte>.Count));
        int length = BitOperations.TrailingZeroCount((Characters.HostName.Strangers(octets) | Sip.Scan.EndBit) >> (at - from));
        uint inside = (1U << length) - 1;
        uint dots = (Vector128.Equals(octets, Vector128.Create((byte)'.')).ExtractMostSignificantBits() >> (at - from)) & inside;
        if (length is 0 or 16)
        {
            return ScanAny(text, at);
        }

        if (!char.IsAsciiDigit((char)text[at]))
        {
            return text[at] != '-' && HasLabels(dots) ? at + length : -1;
        }

        uint digits = Vector128.LessThanOrEqual(octets - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits() >> (at - from);
        bool isV4 = ((digits | dots) & inside) == inside && AreFourNumbers(text.Slice(at, length), dots);
        return isV4 ? at + length : ScanAny(text, at);
    }

    /// <summary>Whether the text is a name: labels of letters, digits, hyphens and the underscores of real life; a dot may end the last one. What is only digits and dots is none.</summary>
    public static bool IsName(ReadOnlySpan<byte> text) =>
        text.Length <= Longest && Characters.Are(text, Characters.HostName) && text[0] is not ((byte)'-' or (byte)'.') && text.IndexOf(".."u8) < 0
        && !(char.IsAsciiDigit((char)text[0]) && Characters.Are(text, Characters.DottedQuad));

    /// <summary>Reads four numbers. Decimal always: the platform would read 010 as octal and 1.2 as 1.0.0.2.</summary>
    public static bool TryReadV4(ReadOnlySpan<byte> text, out uint address)
    {
        uint all = 0, number = 0;
        int digits = 0, dots = 0;
        address = 0;
        foreach (byte octet in text)
        {
            uint digit = (uint)(octet - '0');
            if (digit <= 9 && digits < 3)
            {
                number = (number * 10) + digit;
                digits++;
            }
            else if (octet == '.' && digits > 0 && number <= 255 && dots < 3)
            {
                all = (all << 8) | number;
                dots++;
                (number, digits) = (0, 0);
            }
            else
            {
                return false;
            }
        }

        address = (all << 8) | number;
        return dots == 3 && digits > 0 && number <= 255;
    }

    private static int ScanAny(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] == '[')
        {
            return ScanV6(text, at);
        }

        int end = Sip.Scan.Over(text, at, Characters.HostName);
        var host = text[at..end];
        return TryReadV4(host, out _) || IsName(host) ? end : -1;
    }

    // No dot stands first or behind another.
    private static bool HasLabels(uint dots) => (dots & ((dots << 1) | 1)) == 0;

    // Of one to three digits and up to 255; that there are only digits and dots is known.
    private static bool AreFourNumbers(ReadOnlySpan<byte> text, uint dots)
    {
        const int Most = (100 * '2') + (10 * '5') + '5';
        uint stops = dots | (1U << text.Length);
        int start = 0;
        for (int number = 0; number < 4; number++)
        {
            int end = BitOperations.TrailingZeroCount(stops), digits = end - start;
            if (digits is < 1 or > 3 || (digits == 3 && (100 * text[start]) + (10 * text[start + 1]) + text[start + 2] > Most))
            {
                return false;
            }

            start = end + 1;
            stops &= stops - 1;
        }

        return stops == 0;
    }

    // What is not usual may still have a zone, or a colon too many.
    private static int ScanV6(ReadOnlySpan<byte> text, int start)
    {
        Span<byte> bits = stackalloc byte[16];
        int close = text[start..].IndexOf((byte)']');
        int end = start + close + 1;
        bool isOne = close > 0 && close < Longest && (Ipv6Text.TryRead(text[(start + 1)..(end - 1)], bits) || Host.TryParse(text[start..end], out _));
        return isOne ? end : -1;
    }
}
