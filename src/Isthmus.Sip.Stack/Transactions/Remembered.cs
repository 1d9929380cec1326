// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The answered transactions of a conversation, as little of them as retransmissions need: the number, what to do, and the octets to be sent again
/// with their flow. The one that was answered first is the first to be forgotten, when its time is over or its place is needed. Numbers lie side
/// by side, octets too, so that nothing else is touched to learn that a request is new. Used by the conversation's owner only.
/// </summary>
/// <param name="most">How many, from 1.</param>
internal sealed class Remembered(int most)
{
    private const int MostOctetsEach = 2048;
    private const int RoomForOne = 65536;

    private ulong[] _keys = [];
    private Entry[] _entries = [];
    private byte[] _octets = [];

    // Counted from the beginning of time; the place is the rest by the length, which is a power of two.
    private uint _first;
    private uint _next;
    private uint _octetsNext;

    /// <summary>How many are still to be known at a tick. From any thread: for tests and for people, it may miss who comes or goes meanwhile.</summary>
    public int CountAt(long now) => _entries.Count(entry => entry.Due > now);

    /// <summary>Remembers a transaction.</summary>
    /// <param name="key">Its number, not zero.</param>
    /// <param name="remembrance">What to do when a message of it comes again.</param>
    /// <param name="due">The tick of its end.</param>
    /// <param name="octets">What to send again, at most 64 KiB; empty for nothing.</param>
    /// <param name="flow">By which way.</param>
    public void Add(ulong key, Remembrance remembrance, long due, ReadOnlySpan<byte> octets, Flow? flow)
    {
        if (_next - _first >= most)
        {
            Forget();
        }

        if (_next - _first == _keys.Length)
        {
            Grow();
        }

        octets = octets.Length <= RoomForOne ? octets : default;
        uint start = octets.IsEmpty ? 0 : MakeRoom(octets.Length);
        octets.CopyTo(_octets.AsSpan((int)(start & (uint)(_octets.Length - 1))));
        int place = Place(_next++);
        _keys[place] = key;
        _entries[place] = new Entry(flow, due, start, octets.Length, remembrance);
    }

    /// <summary>What is known of a transaction; false when there is none of that number, or its time is over.</summary>
    /// <param name="key">The number.</param>
    /// <param name="timers">Which tick it is.</param>
    /// <param name="found">What to do; until the next one is remembered.</param>
    public bool TryFind(ulong key, TimerWheel timers, out Recollection found)
    {
        int place = key == 0 ? -1 : _keys.AsSpan().IndexOf(key);
        if (place < 0 || _entries[place].Due <= timers.Now)
        {
            found = default;
            return false;
        }

        ref readonly Entry entry = ref _entries[place];
        found = new Recollection(entry.Remembrance, _octets.AsSpan((int)(entry.Start & (uint)(_octets.Length - 1)), entry.Length), entry.Flow);
        return true;
    }

    public void Clear()
    {
        while (_first != _next)
        {
            Forget();
        }
    }

    private int Place(uint number) => (int)(number & (uint)(_keys.Length - 1));

    private void Forget()
    {
        int place = Place(_first++);
        _keys[place] = 0;
        _entries[place] = default;
    }

    private void Grow()
    {
        int length = Math.Max(4, _keys.Length * 2);
        var keys = new ulong[length];
        var entries = new Entry[length];
        for (uint i = _first; i != _next; i++)
        {
            keys[i & (uint)(length - 1)] = _keys[Place(i)];
            entries[i & (uint)(length - 1)] = _entries[Place(i)];
        }

        (_keys, _entries) = (keys, entries);
    }

    // Octets of one transaction lie in one piece: where the end is too near, the rest of it is left out.
    private uint MakeRoom(int length)
    {
        while (true)
        {
            uint size = (uint)_octets.Length;
            uint start = size == 0 || (_octetsNext & (size - 1)) + (uint)length <= size ? _octetsNext : (_octetsNext | (size - 1)) + 1;
            if (start + (uint)length - FirstOctet() <= size)
            {
                _octetsNext = start + (uint)length;
                return start;
            }

            if (size < Math.Max(RoomForOne, (long)most * MostOctetsEach))
            {
                GrowOctets(length);
            }
            else
            {
                Forget();
            }
        }
    }

    private uint FirstOctet()
    {
        for (uint i = _first; i != _next; i++)
        {
            if (_entries[Place(i)] is { Length: > 0 } entry)
            {
                return entry.Start;
            }
        }

        return _octetsNext;
    }

    private void GrowOctets(int length)
    {
        byte[] octets = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(_octets.Length * 2, Math.Max(length, 1024)))];
        int next = 0;
        for (uint i = _first; i != _next; i++)
        {
            ref Entry entry = ref _entries[Place(i)];
            _octets.AsSpan((int)(entry.Start & (uint)(_octets.Length - 1)), entry.Length).CopyTo(octets.AsSpan(next));
            entry = entry with { Start = (uint)next };
            next += entry.Length;
        }

        (_octets, _octetsNext) = (octets, (uint)next);
    }

    private readonly record struct Entry(Flow? Flow, long Due, uint Start, int Length, Remembrance Remembrance);
}
