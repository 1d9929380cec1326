// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip;

/// <summary>Steps over octets of a kind, one table look-up each: for the short pieces that headers are made of, where a vectorised search takes longer to begin than to run.</summary>
internal static class Scan
{
    private static readonly OctetKinds[] Kinds = Make();

    public static bool Is(byte octet, OctetKinds kinds) => (Kinds[octet] & kinds) != 0;

    /// <summary>Where the octets of these kinds end.</summary>
    public static int Over(ReadOnlySpan<byte> text, int at, OctetKinds kinds)
    {
        OctetKinds[] table = Kinds;
        while ((uint)at < (uint)text.Length && (table[text[at]] & kinds) != 0)
        {
            at++;
        }

        return at;
    }

    /// <summary>Where the octets of these kinds and whole escapes (RFC 3261 §19.1.2) end.</summary>
    public static int OverEscaped(ReadOnlySpan<byte> text, int at, OctetKinds kinds)
    {
        while (true)
        {
            at = Over(text, at, kinds);
            if (at + 2 >= text.Length || text[at] != '%' || !Is(text[at + 1], OctetKinds.Hex) || !Is(text[at + 2], OctetKinds.Hex))
            {
                return at;
            }

            at += 3;
        }
    }

    /// <summary>Where the white space ends: nearly always at once.</summary>
    public static int OverWhite(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length && text[at] <= ' ' ? Over(text, at, OctetKinds.White) : at;

    private static OctetKinds[] Make()
    {
        var kinds = new OctetKinds[256];
        Add(kinds, Characters.Token, OctetKinds.Token);
        Add(kinds, Characters.UserCanonical, OctetKinds.User);
        Add(kinds, Characters.Password, OctetKinds.Password);
        Add(kinds, Characters.UriParameter, OctetKinds.UriParameter);
        Add(kinds, Characters.UriHeader, OctetKinds.UriHeader);
        Add(kinds, Characters.HostName, OctetKinds.HostName);
        Add(kinds, SearchValues.Create(" \t\r\n"u8), OctetKinds.White);
        Add(kinds, SearchValues.Create("0123456789ABCDEFabcdef"u8), OctetKinds.Hex);
        kinds['%'] &= OctetKinds.Token;
        return kinds;
    }

    private static void Add(OctetKinds[] kinds, SearchValues<byte> members, OctetKinds kind)
    {
        for (int octet = 0; octet < kinds.Length; octet++)
        {
            if (members.Contains((byte)octet))
            {
                kinds[octet] |= kind;
            }
        }
    }
}
