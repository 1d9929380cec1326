// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Isthmus.Sip;

/// <summary>
/// Steps over octets of a set. The steps take a text and a place in it rather than a slice: what stands in front of a short piece makes up the sixteen
/// octets that are looked at together.
/// </summary>
internal static class Scan
{
    /// <summary>Where the end stands of sixteen octets that are a bit each.</summary>
    public const uint EndBit = 1 << 16;

    /// <summary>Whether this octet stands at that place; none stands behind the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> text, int at, char octet) => (uint)at < (uint)text.Length && text[at] == octet;

    /// <summary>Where the octets of the set end.</summary>
    public static int Over(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        int last = text.Length - Vector128<byte>.Count;
        if (last < 0 || !OctetSet.CanLookAtMany)
        {
            return OverFew(text, at, set);
        }

        for (; at <= last; at += Vector128<byte>.Count)
        {
            uint strangers = set.Strangers(Vector128.Create(text.Slice(at, Vector128<byte>.Count)));
            if (strangers != 0)
            {
                return at + BitOperations.TrailingZeroCount(strangers);
            }
        }

        // The text's end is a stranger too.
        return at + BitOperations.TrailingZeroCount((set.Strangers(Vector128.Create(text[last..])) | EndBit) >> (at - last));
    }

    /// <summary>Where the first octet of the set stands; the text's length where there is none.</summary>
    public static int To(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        if (text.Length < Vector128<byte>.Count || !OctetSet.CanLookAtMany)
        {
            return ToFew(text, at, set);
        }

        while (at < text.Length)
        {
            int from = Math.Min(at, text.Length - Vector128<byte>.Count);
            uint members = (~set.Strangers(Vector128.Create(text.Slice(from, Vector128<byte>.Count))) & 0xffff) >> (at - from);
            if (members != 0)
            {
                return at + BitOperations.TrailingZeroCount(members);
            }

            at = from + Vector128<byte>.Count;
        }

        return at;
    }

    /// <summary>Where the octets of the set and whole escapes (RFC 3261 §19.1.2) end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // nearly always there is no escape
    public static int OverEscaped(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        at = Over(text, at, set);
        return (uint)at < (uint)text.Length && text[at] == '%' ? OverEscapes(text, at, set) : at;
    }

    /// <summary>Where the white space ends: nearly always at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OverWhite(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length && text[at] <= ' ' ? OverSomeWhite(text, at) : at;

    /// <summary>Where the white space at the text's end begins, or that place where there is nothing else behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BeforeWhite(ReadOnlySpan<byte> text, int from)
    {
        int end = text.Length;
        while (end > from && Characters.IsWhite(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private static int OverEscapes(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        while (at + 2 < text.Length && text[at] == '%' && char.IsAsciiHexDigit((char)text[at + 1]) && char.IsAsciiHexDigit((char)text[at + 2]))
        {
            at = Over(text, at + 3, set);
        }

        return at;
    }

    private static int OverSomeWhite(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && Characters.IsWhite(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int ToFew(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        while (at < text.Length && !set.Has(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int OverFew(ReadOnlySpan<byte> text, int at, in OctetSet set)
    {
        while (at < text.Length && set.Has(text[at]))
        {
            at++;
        }

        return at;
    }
}
