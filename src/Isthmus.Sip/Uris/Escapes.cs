// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// The percent escapes of URIs (RFC 3261 §19.1.2). Escaped octets that are no UTF-8 are kept in text as lone low surrogates (U+DC80 to U+DCFF), so that two
/// different users stay two, and the escape that is written again is the one that was read.
/// </summary>
internal static class Escapes
{
    private const char FirstKeptOctet = '\uDC80';
    private const char LastKeptOctet = '\uDCFF';
    private const int Kept = 0xDC00;

    /// <summary>The text with each escape replaced by its octet, once.</summary>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'%') < 0)
        {
            return Characters.Text(text);
        }

        var octets = new byte[text.Length];
        int length = 0;
        while (!text.IsEmpty)
        {
            octets[length++] = TakeOctet(ref text);
        }

        return Lossless(octets.AsSpan(0, length));
    }

    /// <summary>The text with every octet outside <paramref name="allowed"/>, which has no percent sign, escaped.</summary>
    public static string Encode(string text, in OctetSet allowed)
    {
        byte[] octets = Octets(text);
        if (Scan.Over(octets, 0, allowed) == octets.Length)
        {
            return text;
        }

        var target = new byte[octets.Length * 3];
        int length = 0;
        foreach (byte octet in octets)
        {
            _ = TryAdd(octet, allowed, target, ref length);
        }

        return Characters.Text(target.AsSpan(0, length));
    }

    /// <summary>Writes escaped text as <see cref="Encode"/> writes what <see cref="Decode"/> reads of it; false when the target is too small.</summary>
    public static bool TryNormalise(ReadOnlySpan<byte> text, in OctetSet allowed, Span<byte> target, out int written)
    {
        written = 0;
        if (!text.Contains((byte)'%'))
        {
            written = text.TryCopyTo(target) ? text.Length : 0;
            return written == text.Length;
        }

        int length = 0;
        while (!text.IsEmpty)
        {
            if (!TryAdd(TakeOctet(ref text), allowed, target, ref length))
            {
                return false;
            }
        }

        written = length;
        return true;
    }

    /// <summary>Whether the text without its escapes is that name, in any case.</summary>
    public static bool AreEqualIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        if (text.Length == name.Length)
        {
            return Ascii.EqualsIgnoreCase(text, name);
        }

        while (text.Length > name.Length && !name.IsEmpty)
        {
            byte octet = TakeOctet(ref text);
            if (!Ascii.EqualsIgnoreCase([octet], name[..1]))
            {
                return false;
            }

            name = name[1..];
        }

        return text.Length == name.Length && Ascii.EqualsIgnoreCase(text, name);
    }

    private static byte TakeOctet(ref ReadOnlySpan<byte> text)
    {
        byte octet = text[0];
        Span<byte> decoded = [0];
        bool isEscape = octet == '%' && text.Length > 2 && Convert.FromHexString(text.Slice(1, 2), decoded, out _, out _) == OperationStatus.Done;
        text = text[(isEscape ? 3 : 1)..];
        return isEscape ? decoded[0] : octet;
    }

    private static bool TryAdd(byte octet, in OctetSet allowed, Span<byte> target, ref int length)
    {
        bool plain = allowed.Has(octet);
        if (target.Length - length < (plain ? 1 : 3))
        {
            return false;
        }

        if (plain)
        {
            target[length++] = octet;
            return true;
        }

        const string Digits = "0123456789ABCDEF";
        target[length++] = (byte)'%';
        target[length++] = (byte)Digits[octet >> 4];
        target[length++] = (byte)Digits[octet & 15];
        return true;
    }

    private static string Lossless(ReadOnlySpan<byte> octets)
    {
        if (System.Text.Unicode.Utf8.IsValid(octets))
        {
            return Characters.Text(octets);
        }

        var text = new StringBuilder(octets.Length);
        while (!octets.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(octets, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                octets = octets[length..];
            }
            else
            {
                text.Append((char)(Kept + octets[0]));
                octets = octets[1..];
            }
        }

        return text.ToString();
    }

    private static byte[] Octets(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstKeptOctet, LastKeptOctet))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var octets = new List<byte>(text.Length * 2);
        Span<byte> utf8 = stackalloc byte[4];
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != OperationStatus.Done && rest[0] is >= FirstKeptOctet and <= LastKeptOctet)
            {
                octets.Add((byte)(rest[0] - Kept));
            }
            else
            {
                octets.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            }

            rest = rest[length..];
        }

        return [.. octets];
    }
}
