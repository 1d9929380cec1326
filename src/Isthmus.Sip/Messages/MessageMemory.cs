// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip;

/// <summary>The bytes that a message owns and the index of its header fields; both are rented and go back when the message is disposed.</summary>
internal struct MessageMemory
{
    private const int UsualHeaders = 32;

    public byte[] Bytes;
    public int Length;
    public HeaderSlot[] Slots;
    public int Count;
    public int StartLineEnd;
    public int BodyStart;

    public static MessageMemory Rent(int length) =>
        new() { Bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1)), Length = length, Slots = ArrayPool<HeaderSlot>.Shared.Rent(UsualHeaders) };

    public readonly ReadOnlySpan<byte> Span => Bytes.AsSpan(0, Length);

    public readonly ReadOnlySpan<HeaderSlot> Index => Slots.AsSpan(0, Count);

    public void Add(HeaderSlot slot)
    {
        if (Count == Slots.Length)
        {
            HeaderSlot[] larger = ArrayPool<HeaderSlot>.Shared.Rent(Count * 2);
            Index.CopyTo(larger);
            ArrayPool<HeaderSlot>.Shared.Return(Slots);
            Slots = larger;
        }

        Slots[Count++] = slot;
    }

    public readonly int Find(HeaderName name, int from = 0)
    {
        for (int i = from; i < Count; i++)
        {
            if (Slots[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    public readonly ReadOnlySpan<byte> Value(int index) => Bytes.AsSpan(Slots[index].ValueStart, Slots[index].ValueLength);

    public void Return()
    {
        ArrayPool<byte>.Shared.Return(Bytes);
        ArrayPool<HeaderSlot>.Shared.Return(Slots);
        Bytes = [];
        Slots = [];
        Length = Count = StartLineEnd = BodyStart = 0;
    }
}
