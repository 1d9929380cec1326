// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The unique parts of our branches: numbers of 64 bits that nobody can guess (RFC 3261 §8.1.1.7), fetched from the system's generator by the hundred.
/// </summary>
internal sealed class BranchIds
{
    /// <summary>How a number is written: hexadecimal digits.</summary>
    public const int Digits = 16;

    private readonly Lock _lock = new();
    private readonly ulong[] _ready = new ulong[256];
    private int _left;

    /// <summary>A new one; never zero.</summary>
    public ulong Next()
    {
        lock (_lock)
        {
            while (true)
            {
                if (_left == 0)
                {
                    RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_ready.AsSpan()));
                    _left = _ready.Length;
                }

                if (_ready[--_left] is not 0 and var id)
                {
                    return id;
                }
            }
        }
    }

    /// <summary>Writes the number and, after a point, the suffix; returns how many octets that were.</summary>
    public static int Write(ulong id, ReadOnlySpan<byte> suffix, Span<byte> branch)
    {
        for (var at = Digits - 1; at >= 0; at--, id >>= 4)
        {
            branch[at] = "0123456789abcdef"u8[(int)(id & 15)];
        }

        if (suffix.IsEmpty)
        {
            return Digits;
        }

        branch[Digits] = (byte)'.';
        suffix.CopyTo(branch[(Digits + 1)..]);
        return Digits + 1 + suffix.Length;
    }

    /// <summary>The number with which a branch of ours begins behind the magic cookie; zero when there is none.</summary>
    public static ulong Read(ReadOnlySpan<byte> branch)
    {
        if (branch.Length < Digits)
        {
            return 0;
        }

        ulong id = 0;
        foreach (var digit in branch[..Digits])
        {
            // A token is the same in capitals (RFC 3261 §7.3.1).
            var value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (value < 0)
            {
                return 0;
            }

            id = (id << 4) | (uint)value;
        }

        return id;
    }
}
