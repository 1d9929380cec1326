// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Isthmus.Sip;

/// <summary>
/// SipHash of Aumasson and Bernstein: a short hash under a secret key. Without the key nobody makes two texts meet, nor guesses the number of a text.
/// </summary>
public readonly struct KeyedHash(ulong key0, ulong key1)
{
    /// <summary>A hash under a key of its own.</summary>
    public static KeyedHash Random()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        return From(key);
    }

    /// <summary>The hash under a key of 16 octets.</summary>
    public static KeyedHash From(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..16]));

    /// <summary>SipHash-2-4: for a mark that others must not be able to make.</summary>
    public ulong Of(ReadOnlySpan<byte> text) => Compute(text, isStrong: true);

    /// <summary>SipHash-1-3: for tables whose keys strangers send.</summary>
    public ulong Quick(ReadOnlySpan<byte> text) => Compute(text, isStrong: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // into the two above: then it is known which of them it is
    private ulong Compute(ReadOnlySpan<byte> text, bool isStrong)
    {
        ulong v0 = key0 ^ 0x736f6d6570736575, v1 = key1 ^ 0x646f72616e646f6d, v2 = key0 ^ 0x6c7967656e657261, v3 = key1 ^ 0x7465646279746573;
        int at = 0;
        for (; at + sizeof(ulong) <= text.Length; at += sizeof(ulong))
        {
            Take(BinaryPrimitives.ReadUInt64LittleEndian(text.Slice(at, sizeof(ulong))), isStrong, ref v0, ref v1, ref v2, ref v3);
        }

        Take(Last(text, at), isStrong, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        if (isStrong)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }

        return v0 ^ v1 ^ v2 ^ v3;
    }

    // What is left of the text, and its length in the highest octet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Last(ReadOnlySpan<byte> text, int at)
    {
        ulong last = (ulong)text.Length << 56;
        if (at > 0)
        {
            // The last eight octets, without those that were taken.
            return at == text.Length ? last : last | (BinaryPrimitives.ReadUInt64LittleEndian(text.Slice(text.Length - sizeof(ulong), sizeof(ulong))) >> (8 * (at + sizeof(ulong) - text.Length)));
        }

        for (int i = 0; i < text.Length; i++)
        {
            last |= (ulong)text[i] << (8 * i);
        }

        return last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ulong word, bool isStrong, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        if (isStrong)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }

        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
