// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// The addresses-of-record by their octets: open addressing in two flat arrays, 12 octets a place. One thread writes at a time; readers take no
/// lock and see what was there before or after a change.
/// </summary>
internal sealed class AorTable(KeyedHash hash)
{
    private const int SmallestSize = 64;

    // What was removed keeps its place, so that a search goes on past it; a new table has none.
    private static readonly AddressOfRecord Removed = new([], 0);

    private volatile Places _places = new(SmallestSize);
    private int _used;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Every one of them.</summary>
    public IEnumerable<AddressOfRecord> All
    {
        get
        {
            Places places = _places;
            for (int i = 0; i < places.Entries.Length; i++)
            {
                if (Volatile.Read(ref places.Entries[i]) is { } entry && entry != Removed)
                {
                    yield return entry;
                }
            }
        }
    }

    public uint HashOf(ReadOnlySpan<byte> key) => (uint)hash.Quick(key);

    public AddressOfRecord? Find(ReadOnlySpan<byte> key) => Find(key, HashOf(key));

    public AddressOfRecord? Find(ReadOnlySpan<byte> key, uint hash)
    {
        Places places = _places;
        AddressOfRecord?[] entries = places.Entries;
        for (uint at = hash & places.Mask; Volatile.Read(ref entries[at]) is { } entry; at = (at + 1) & places.Mask)
        {
            if (places.Hashes[at] == hash && entry.Hash == hash && entry.Key.SequenceEqual(key))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Adds one that is not there. For the writer.</summary>
    public void Add(AddressOfRecord aor)
    {
        if ((_used + 1) * 5L > _places.Entries.Length * 4L)
        {
            Rebuild();
        }

        Put(_places, aor);
        _used++;
        Count++;
    }

    /// <summary>Removes one that is there. For the writer.</summary>
    public void Remove(AddressOfRecord aor)
    {
        Places places = _places;
        uint at = aor.Hash & places.Mask;
        while (places.Entries[at] is { } entry)
        {
            if (entry == aor)
            {
                Volatile.Write(ref places.Entries[at], Removed);
                Count--;
                return;
            }

            at = (at + 1) & places.Mask;
        }
    }

    /// <summary>Forgets all of them. For the writer, of a table that nobody else reads.</summary>
    public void Clear()
    {
        if (_places.Entries.Length == SmallestSize)
        {
            Array.Clear(_places.Entries);
        }
        else
        {
            _places = new(SmallestSize);
        }

        (_used, Count) = (0, 0);
    }

    /// <summary>Makes room for so many at once. For the writer.</summary>
    public void Reserve(int count)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min((count + 1L) * 5 / 4, 1 << 30));
        if (size > _places.Entries.Length)
        {
            Rebuild(size);
        }
    }

    // Twice the room, or the same without what was removed.
    private void Rebuild() => Rebuild(Count * 2L > _places.Entries.Length ? _places.Entries.Length * 2 : _places.Entries.Length);

    private void Rebuild(int size)
    {
        Places old = _places;
        var places = new Places(size);
        foreach (AddressOfRecord? entry in old.Entries)
        {
            if (entry is not null && entry != Removed)
            {
                Put(places, entry);
            }
        }

        _places = places;
        _used = Count;
    }

    private static void Put(Places places, AddressOfRecord aor)
    {
        uint at = aor.Hash & places.Mask;
        while (places.Entries[at] is not null)
        {
            at = (at + 1) & places.Mask;
        }

        places.Hashes[at] = aor.Hash;
        Volatile.Write(ref places.Entries[at], aor);
    }

    private sealed class Places(int size)
    {
        public readonly AddressOfRecord?[] Entries = new AddressOfRecord?[size];
        public readonly uint[] Hashes = new uint[size];

        public uint Mask => (uint)size - 1;
    }
}
