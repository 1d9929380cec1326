// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>A sockaddr as numbers: of sockaddr_in the first 8 bytes count, of sockaddr_in6 all 28.</summary>
internal readonly record struct NativeKey(ulong Start, ulong High, ulong Low, uint Zone)
{
    public static bool TryRead(ReadOnlySpan<byte> native, out NativeKey key)
    {
        key = native.Length switch
        {
            NativeEndPoint.Size4 => new NativeKey(MemoryMarshal.Read<ulong>(native), 0, 0, 0),
            NativeEndPoint.Size6 => new NativeKey(
                MemoryMarshal.Read<ulong>(native), MemoryMarshal.Read<ulong>(native[8..]), MemoryMarshal.Read<ulong>(native[16..]), MemoryMarshal.Read<uint>(native[24..])),
            _ => default,
        };
        return key.Start != 0;
    }

    public ulong Hash(ulong seed)
    {
        var mixed = Mix(Start ^ seed);
        return Low == 0 && High == 0 ? mixed : Mix(mixed ^ High) + Mix(mixed ^ Low ^ ((ulong)Zone << 32));
    }

    // The finaliser of SplitMix64: every bit in, every bit out.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
