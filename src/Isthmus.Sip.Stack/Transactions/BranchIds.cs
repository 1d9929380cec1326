// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The unique parts of our branches: numbers of 64 bits that nobody can guess (RFC 3261 §8.1.1.7), fetched from the system's generator by the hundred.
/// </summary>
internal sealed class BranchIds
{
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
        Hex64.Write(id, branch);
        if (suffix.IsEmpty)
        {
            return Hex64.Length;
        }

        branch[Hex64.Length] = (byte)'.';
        suffix.CopyTo(branch[(Hex64.Length + 1)..]);
        return Hex64.Length + 1 + suffix.Length;
    }

    /// <summary>The number with which a branch of ours begins behind the magic cookie; zero when there is none.</summary>
    public static ulong Read(ReadOnlySpan<byte> branch) =>
        branch.Length >= Hex64.Length && Hex64.TryRead(branch[..Hex64.Length], out var id) ? id : 0; // a token is the same in capitals (RFC 3261 §7.3.1)
}
