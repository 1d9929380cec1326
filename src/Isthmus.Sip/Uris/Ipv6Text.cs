// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Sip;

/// <summary>The text forms of IPv6 addresses (RFC 4291 §2.2), read into octets: what the platform reads, without making an object.</summary>
internal static class Ipv6Text
{
    private const int Groups = 8;

    /// <summary>Reads an address without brackets and zone.</summary>
    /// <param name="text">The address.</param>
    /// <param name="bits">Room for 16 octets.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> bits)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        int count = 0, gap = -1, at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            at = 2;
        }

        while (at < text.Length)
        {
            if (count == Groups)
            {
                return false;
            }

            int start = at;
            uint value = 0;
            for (; at < text.Length && char.IsAsciiHexDigit((char)text[at]); at++)
            {
                value = (value << 4) | (uint)Digit(text[at]);
            }

            if (at == start || at - start > 4)
            {
                return false;
            }

            if (at < text.Length && text[at] == '.')
            {
                if (count > Groups - 2 || !TryReadV4(text[start..], groups[count..]))
                {
                    return false;
                }

                count += 2;
                break;
            }

            groups[count++] = (ushort)value;
            if (at == text.Length)
            {
                break;
            }

            // A colon, and behind it the next group or the one gap.
            if (text[at++] != ':' || at == text.Length)
            {
                return false;
            }

            if (text[at] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                at++;
            }
        }

        if (gap < 0 ? count != Groups : count == Groups)
        {
            return false;
        }

        for (int i = 0; i < Groups; i++)
        {
            int from = gap < 0 || i < gap ? i : i - (Groups - count);
            BinaryPrimitives.WriteUInt16BigEndian(bits[(2 * i)..], gap >= 0 && i >= gap && from < gap ? (ushort)0 : groups[from]);
        }

        return true;
    }

    // Decimal without leading zeros: what else the platform makes of such a text is its own.
    private static bool TryReadV4(ReadOnlySpan<byte> text, Span<ushort> groups)
    {
        uint address = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = text.IndexOf((byte)'.');
            var digits = dot < 0 ? text : text[..dot];
            if ((dot < 0) != (part == 3) || digits.Length > 3 || (digits.Length > 1 && digits[0] == '0') || !Numbers.TryParse(digits, 255, out uint value))
            {
                return false;
            }

            address = (address << 8) | value;
            text = text[(dot + 1)..];
        }

        (groups[0], groups[1]) = ((ushort)(address >> 16), (ushort)address);
        return true;
    }

    private static int Digit(byte hex) => (hex & 15) + (hex >> 6) * 9;
}
