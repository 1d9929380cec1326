// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Isthmus.Sip;

/// <summary>
/// The bytes that a message owns and the index of its header fields. Both stay with the message object when it goes back to its pool, so that the next
/// message finds them ready.
/// </summary>
internal struct MessageMemory
{
    /// <summary>More fields than this have no number in the index; <see cref="ParserLimits.MaxHeaders"/> is less.</summary>
    public const int MostFields = FirstFields.Several - 2;

    private const int UsualFields = 24;

    public byte[] Bytes;
    public int Length;
    public HeaderSlot[] Slots;
    public int Count;
    public int StartLineEnd;
    public int BodyStart;
    private FirstFields _first;

    public MessageMemory()
    {
        Bytes = [];
        Slots = [];
    }

    public readonly ReadOnlySpan<byte> Span => Bytes.AsSpan(0, Length);

    public readonly ReadOnlySpan<HeaderSlot> Index => Slots.AsSpan(0, Count);

    /// <summary>Makes room for that many octets, where nothing is held.</summary>
    public void MakeRoom(int capacity)
    {
        if (Bytes.Length < capacity)
        {
            Bytes = GC.AllocateUninitializedArray<byte>(capacity);
        }
    }

    /// <summary>Forgets what was held, and keeps the room for it.</summary>
    public void Forget()
    {
        Length = StartLineEnd = BodyStart = Count = 0;
        _first = default;
    }

    /// <summary>Makes the buffer larger and keeps what is in it.</summary>
    public void Grow(int capacity)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, Bytes.Length * 2));
        Bytes.CopyTo(larger, 0);
        Bytes = larger;
    }

    /// <summary>Takes over what was written, which is indexed when somebody asks for it.</summary>
    public void Written(in SipWriter writer, int startLineEnd, int bodyStart) =>
        (Bytes, Length, StartLineEnd, BodyStart) = (writer.Buffer, writer.Length, startLineEnd, bodyStart);

    /// <summary>Adds a field to the index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(HeaderName name, int start, int valueStart, int valueEnd, int end)
    {
        if (Count == Slots.Length)
        {
            GrowIndex();
        }

        ref ushort first = ref _first[(int)name];
        first = first == 0 ? (ushort)(Count + 1) : (ushort)(first | FirstFields.Several);
        Slots[Count++] = new(name, start, valueStart, valueEnd, end);
    }

    /// <summary>The latest field goes on up to that line end; false where there is none.</summary>
    public readonly bool TryGoOn(int lineEnd)
    {
        if (Count == 0)
        {
            return false;
        }

        ref HeaderSlot slot = ref Slots[Count - 1];
        var text = Bytes.AsSpan(0, lineEnd);
        int lineStart = slot.End;

        // Only the new line is looked at: a field may have a thousand lines of nothing but white space.
        if (slot.ValueEnd <= slot.ValueStart)
        {
            slot.ValueStart = slot.ValueEnd = Scan.OverWhite(text, lineStart);
        }

        slot.ValueEnd = Scan.BeforeWhite(text, lineStart) is var end && end > lineStart ? end : slot.ValueEnd;
        slot.End = lineEnd + 2;
        return true;
    }

    private void GrowIndex() => Array.Resize(ref Slots, Math.Max(UsualFields, Count * 2));

    /// <summary>The index of the first field of that name; negative where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Find(HeaderName name) => (_first.Of(name) & ~FirstFields.Several) - 1;

    /// <summary>The index of the next field of that name behind another; negative where there is none.</summary>
    public readonly int FindNext(HeaderName name, int behind)
    {
        if (HasSeveral(name))
        {
            for (int i = behind + 1; i < Count; i++)
            {
                if (Slots[i].Name == name)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool HasSeveral(HeaderName name) => (_first.Of(name) & FirstFields.Several) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool HasOne(HeaderName name) => _first.Of(name) is > 0 and < FirstFields.Several;

    /// <summary>The value of the first field of that name, which is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> ValueOf(HeaderName name) => Value(Find(name));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> Value(int index)
    {
        ref readonly HeaderSlot slot = ref Slots[index];
        return Bytes.AsSpan(slot.ValueStart, slot.ValueEnd - slot.ValueStart);
    }

    /// <summary>Puts other octets into the value of a field, in place: what stands behind moves, and its index with it.</summary>
    public void Splice(int field, int at, int removed, ReadOnlySpan<byte> inserted)
    {
        int longer = inserted.Length - removed;
        MakeGap(at + removed, longer);
        inserted.CopyTo(Bytes.AsSpan(at));
        Lengthen(field, longer);
    }

    /// <summary>Puts octets into the value of a field at two places, of which the first stands in front of the second; as two splices.</summary>
    public void Insert(int field, int first, ReadOnlySpan<byte> text, int second, ReadOnlySpan<byte> more)
    {
        int longer = text.Length + more.Length;
        MakeGap(second, longer);
        Bytes.AsSpan(first..second).CopyTo(Bytes.AsSpan(first + text.Length));
        text.CopyTo(Bytes.AsSpan(first));
        more.CopyTo(Bytes.AsSpan(second + text.Length));
        Lengthen(field, longer);
    }

    // What stands from there on moves.
    private void MakeGap(int at, int octets)
    {
        if (Length + octets > Bytes.Length)
        {
            Grow(Length + octets);
        }

        Bytes.AsSpan(at..Length).CopyTo(Bytes.AsSpan(at + octets));
        Length += octets;
        BodyStart += octets;
    }

    private readonly void Lengthen(int field, int octets)
    {
        Span<HeaderSlot> slots = Slots.AsSpan(field..Count);
        slots[0].Lengthen(octets);
        foreach (ref HeaderSlot slot in slots[1..])
        {
            slot.Move(octets);
        }
    }
}
