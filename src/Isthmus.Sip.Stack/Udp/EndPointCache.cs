// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The endpoints seen lately, so that one object serves many datagrams of the same sender. Bounded: a newcomer takes the place of one
/// that shares its slots. Used by one thread.
/// </summary>
internal sealed class EndPointCache
{
    private const int First = 128;
    private const int Last = 131_072;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(); // so that nobody can choose addresses that share a slot
    private Entry[] _entries = new Entry[First];
    private int _replaced;

    /// <summary>The endpoint of a sockaddr; null when it is of neither version.</summary>
    public KnownEndPoint? Find(ReadOnlySpan<byte> native)
    {
        if (!Key.TryRead(native, out var key))
        {
            return null;
        }
        ref var entry = ref PlaceOf(key);
        if (entry.EndPoint is { } known && entry.Key == key)
        {
            return known;
        }
        if (NativeEndPoint.Read(native) is not { } endPoint)
        {
            return null;
        }
        if (entry.EndPoint is not null && ++_replaced >= _entries.Length / 8 && _entries.Length < Last)
        {
            Grow();
            entry = ref PlaceOf(key);
        }
        entry = new Entry(key, new KnownEndPoint(endPoint));
        return entry.EndPoint;
    }

    /// <summary>Where the key is, or else may be put: each has two places.</summary>
    private ref Entry PlaceOf(in Key key)
    {
        var slot = (int)(key.Hash(_seed) >> 32) & (_entries.Length - 1);
        ref var first = ref _entries[slot];
        ref var second = ref _entries[slot ^ 1];
        if (first.EndPoint is null || first.Key == key)
        {
            return ref first;
        }
        return ref second.EndPoint is null || second.Key == key || (_replaced & 1) == 0 ? ref second : ref first;
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 4];
        _replaced = 0;
        foreach (var entry in old)
        {
            if (entry.EndPoint is not null)
            {
                PlaceOf(entry.Key) = entry;
            }
        }
    }

    private readonly record struct Entry(Key Key, KnownEndPoint? EndPoint);

    /// <summary>A sockaddr as numbers: of sockaddr_in the first 8 bytes count, of sockaddr_in6 all 28.</summary>
    private readonly record struct Key(ulong Start, ulong High, ulong Low, uint Zone)
    {
        public static bool TryRead(ReadOnlySpan<byte> native, out Key key)
        {
            key = native.Length switch
            {
                NativeEndPoint.Size4 => new Key(MemoryMarshal.Read<ulong>(native), 0, 0, 0),
                NativeEndPoint.Size6 => new Key(
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
}
