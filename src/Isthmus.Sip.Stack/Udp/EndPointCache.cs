// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The endpoints seen lately, so that one object serves many datagrams of the same sender. Bounded: a newcomer takes the place of one
/// that shares its slots. A slot is a reference; what is compared lies in the object, which is needed anyway. Used by one thread.
/// </summary>
internal sealed class EndPointCache
{
    private const int First = 128;
    private const int Last = 131_072;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(); // so that nobody can choose addresses that share a slot
    private KnownEndPoint?[] _entries = new KnownEndPoint?[First];
    private int _replaced;

    /// <summary>The endpoint of a sockaddr; null when it is of neither version.</summary>
    public KnownEndPoint? Find(ReadOnlySpan<byte> native)
    {
        if (!NativeKey.TryRead(native, out var key))
        {
            return null;
        }
        ref var entry = ref PlaceOf(key);
        if (entry is { } known && known.Native == key)
        {
            return known;
        }
        return NativeEndPoint.Read(native) is { } endPoint ? Keep(ref entry, new KnownEndPoint(endPoint, key)) : null;
    }

    private KnownEndPoint Keep(ref KnownEndPoint? entry, KnownEndPoint known)
    {
        if (entry is not null && ++_replaced >= _entries.Length / 8 && _entries.Length < Last)
        {
            Grow();
            entry = ref PlaceOf(known.Native);
        }
        return entry = known;
    }

    /// <summary>Where the key is, or else may be put: each has two places.</summary>
    private ref KnownEndPoint? PlaceOf(in NativeKey key)
    {
        var slot = (int)(key.Hash(_seed) >> 32) & (_entries.Length - 1);
        ref var first = ref _entries[slot];
        if (first is null || first.Native == key)
        {
            return ref first;
        }
        ref var second = ref _entries[slot ^ 1];
        return ref second is null || second.Native == key || (_replaced & 1) == 0 ? ref second : ref first;
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new KnownEndPoint?[old.Length * 4];
        _replaced = 0;
        foreach (var entry in old)
        {
            if (entry is not null)
            {
                PlaceOf(entry.Native) = entry;
            }
        }
    }
}
