// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
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

        if (text[at] == '[')
        {
            return ScanV6(text, at);
        }

        int end = char.IsAsciiDigit((char)text[at]) ? ScanV4(text, at, out _) : -1;
        return end >= 0 ? end : ScanName(text, at);
    }

    /// <summary>
    /// Where four numbers end and no more of a host stands behind them; negative where none do. Decimal always: the platform would read 010 as octal and 1.2 as
    /// 1.0.0.2.
    /// </summary>
    public static int ScanV4(ReadOnlySpan<byte> text, int at, out uint address)
    {
        uint all = 0;
        address = 0;
        for (int part = 1; ; part++)
        {
            // One to three digits and what ends them.
            uint octets = FourOctets(text, at), number = Digit(octets);
            int digits = 1;
            if (Digit(octets >> 8) <= 9)
            {
                digits = Digit(octets >> 16) <= 9 ? 3 : 2;
                number = (number * 10) + Digit(octets >> 8);
                number = digits == 3 ? (number * 10) + Digit(octets >> 16) : number;
            }

            byte stop = (byte)(octets >> (8 * digits));
            if (Digit(octets) > 9 || number > 255 || (part < 4 && stop != '.'))
            {
                return -1;
            }

            all = (all << 8) | number;
            at += digits;
            if (part == 4)
            {
                address = all;
                return Characters.HostName.Has(stop) ? -1 : at;
            }

            at++;
        }
    }

    /// <summary>
    /// Where a name ends: labels of letters, digits, hyphens and the underscores of real life; a dot may end the last one. Negative where none begins; what is
    /// only digits and dots is no name.
    /// </summary>
    public static int ScanName(ReadOnlySpan<byte> text, int start)
    {
        if (text.Length < Vector128<byte>.Count || !OctetSet.CanLookAtMany || char.IsAsciiDigit((char)text[start]))
        {
            return ScanAnyName(text, start);
        }

        // Sixteen octets show nearly every name whole, and its dots with it.
        int from = Math.Min(start, text.Length - Vector128<byte>.Count);
        Vector128<byte> octets = Vector128.Create(text.Slice(from, Vector128<byte>.Count));
        int length = BitOperations.TrailingZeroCount((Characters.HostName.Strangers(octets) | Sip.Scan.EndBit) >> (start - from));
        if (length == Vector128<byte>.Count)
        {
            return ScanAnyName(text, start);
        }

        uint dots = (Vector128.Equals(octets, Vector128.Create((byte)'.')).ExtractMostSignificantBits() >> (start - from)) & ((1U << length) - 1);
        uint dotsWithoutLabel = dots & ((dots << 1) | 1);
        return length > 0 && dotsWithoutLabel == 0 && text[start] != '-' ? start + length : -1;
    }

    private static int ScanAnyName(ReadOnlySpan<byte> text, int start)
    {
        int end = Sip.Scan.Over(text, start, Characters.HostName);
        var name = text[start..end];
        if (name.Length is 0 or > Longest || name[0] is (byte)'-' or (byte)'.' || name.IndexOf(".."u8) >= 0)
        {
            return -1;
        }

        return char.IsAsciiDigit((char)name[0]) && Characters.Are(name, Characters.DottedQuad) ? -1 : end;
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

    // The lowest octet as a digit; more than 9 where it is none.
    private static uint Digit(uint octets) => (octets & 0xff) - '0';

    // The first one lowest; zeros behind the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // nearly always something stands behind an address
    private static uint FourOctets(ReadOnlySpan<byte> text, int at) => text.Length - at >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(text.Slice(at, sizeof(uint))) : LastOctets(text, at);

    private static uint LastOctets(ReadOnlySpan<byte> text, int at)
    {
        uint octets = 0;
        for (int i = text.Length - 1; i >= at; i--)
        {
            octets = (octets << 8) | text[i];
        }

        return octets;
    }
}
