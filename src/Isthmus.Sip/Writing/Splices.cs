// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The changes that an edit makes to a message, and the message written with them.</summary>
internal sealed class Splices
{
    private readonly int[] _latest = new int[HeaderNames.Count]; // for each name the number of its latest change that is no Append, from 1; 0 where there is none
    private readonly int[] _valuesAbove = new int[HeaderNames.Count];
    private Change[] _changes = new Change[16];
    private byte[] _text = new byte[1024];
    private int _count;
    private Piece _uri;

    /// <summary>Octets of all that is put in.</summary>
    public int Length { get; private set; }

    /// <summary>Octets of the new Request-URI; 0 where the old one stays.</summary>
    public int UriLength => _uri.Length;

    public void Clear()
    {
        foreach (ref readonly Change change in _changes.AsSpan(0, _count))
        {
            _latest[(int)change.Name] = 0;
        }

        (_count, Length, _uri) = (0, 0, default);
    }

    public void Uri(string uri)
    {
        SipWriter writer = Text();
        writer.Text(uri);
        _uri = Keep(writer);
    }

    public void Uri(ReadOnlySpan<byte> uri)
    {
        SipWriter writer = Text();
        writer.Value(uri);
        _uri = Keep(writer);
    }

    public void Add(SpliceKind kind, HeaderName name, string value)
    {
        SipWriter writer = Text();
        if (kind == SpliceKind.ReplaceFirst)
        {
            writer.Text(value);
        }
        else
        {
            writer.Field(name, value);
        }

        Add(kind, name, Keep(writer));
    }

    public void Add(SpliceKind kind, HeaderName name, ReadOnlySpan<byte> value)
    {
        SipWriter writer = Text();
        if (kind == SpliceKind.ReplaceFirst)
        {
            writer.Value(value);
        }
        else
        {
            writer.Field(name, value);
        }

        Add(kind, name, Keep(writer));
    }

    public void Add(SpliceKind kind, HeaderName name, uint number)
    {
        SipWriter writer = Text();
        writer.Field(name, number);
        Add(kind, name, Keep(writer));
    }

    /// <summary>Adds a change that puts nothing in.</summary>
    public void Add(SpliceKind kind, HeaderName name) => Add(kind, name, default(Piece));

    /// <summary>Writes the message with the changes, and notes in the result what is known of it.</summary>
    public void Write(SipMessage source, ref SipWriter writer, ref MessageMemory result)
    {
        ref readonly MessageMemory memory = ref source.Memory;
        ReadOnlySpan<byte> bytes = memory.Span;
        int end = memory.Count == 0 ? memory.StartLineEnd : memory.Slots[memory.Count - 1].End;
        bool endsWell = end + 2 == memory.BodyStart;
        if (endsWell && TryWriteWithoutField(ref writer, memory))
        {
            result.Written(writer, memory.StartLineEnd, writer.Length - (memory.Length - memory.BodyStart));
            return;
        }

        WriteStartLine(ref writer, memory, source as SipRequest);
        int lineEnd = writer.Length;
        bool appends = WriteBeforeAll(ref writer, memory);

        // What no edit touches is copied in runs of fields.
        int kept = memory.StartLineEnd;
        int[] latest = _latest;
        for (int i = 0; i < memory.Count; i++)
        {
            ref readonly HeaderSlot slot = ref memory.Slots[i];
            if (latest[(int)slot.Name] != 0)
            {
                writer.Raw(bytes[kept..slot.Start]);
                kept = WriteTouched(ref writer, memory, i) ? slot.Start : slot.End;
            }
        }

        if (appends || !endsWell)
        {
            writer.Raw(bytes[kept..end]);
            WriteAppended(ref writer);
            writer.Raw("\r\n"u8);
            kept = memory.BodyStart;
        }

        writer.Raw(bytes[kept..]);
        result.Written(writer, lineEnd, writer.Length - (memory.Length - memory.BodyStart));
    }

    // What a proxy does with every response: a field goes, and nothing else is done.
    private bool TryWriteWithoutField(ref SipWriter writer, in MessageMemory memory)
    {
        if (_count != 1 || _changes[0].Kind != SpliceKind.RemoveFirst || _uri.Length != 0)
        {
            return false;
        }

        int field = memory.Find(_changes[0].Name);
        if (field < 0 || memory.Value(field).Contains((byte)','))
        {
            return false;
        }

        ref readonly HeaderSlot slot = ref memory.Slots[field];
        writer.Raw(memory.Span[..slot.Start]);
        writer.Raw(memory.Span[slot.End..]);
        return true;
    }

    // The fields that stand first because there are none of their name; whether others stand last.
    private bool WriteBeforeAll(ref SipWriter writer, in MessageMemory memory)
    {
        bool appends = false;
        for (int i = _count - 1; i >= 0; i--)
        {
            ref readonly Change change = ref _changes[i];
            _valuesAbove[(int)change.Name] = 0;
            appends |= change.Kind == SpliceKind.Append;
            if (change.Kind == SpliceKind.Prepend && memory.Find(change.Name) < 0)
            {
                writer.Raw(Text(change.Text));
            }
        }

        return appends;
    }

    private void WriteStartLine(ref SipWriter writer, in MessageMemory memory, SipRequest? request)
    {
        var line = memory.Span[..memory.StartLineEnd];
        if (_uri.Length == 0 || request is null)
        {
            writer.Raw(line);
            return;
        }

        writer.Raw(line[..request.RequestUriStart]);
        writer.Raw(Text(_uri));
        writer.Raw(line[request.RequestUriEnd..]);
    }

    private void WriteAppended(ref SipWriter writer)
    {
        foreach (ref readonly Change change in _changes.AsSpan(0, _count))
        {
            if (change.Kind == SpliceKind.Append)
            {
                writer.Raw(Text(change.Text));
            }
        }
    }

    // Writes what stands before a field or in its place; whether the field itself is to stay as it is.
    private bool WriteTouched(ref SipWriter writer, in MessageMemory memory, int index)
    {
        HeaderName name = memory.Slots[index].Name;
        int firstValues = 0; // how many values of this name the edits take away from the front
        int replacement = 0;
        bool removed = false, isFirst = memory.Find(name) == index;
        for (int number = _latest[(int)name]; number > 0;)
        {
            ref readonly Change change = ref _changes[number - 1];
            switch (change.Kind)
            {
                case SpliceKind.Prepend when isFirst:
                    writer.Raw(Text(change.Text)); // the last prepended stands first, as if each had been put in front of the message in turn
                    break;
                case SpliceKind.RemoveFirst:
                    firstValues++;
                    break;
                case SpliceKind.ReplaceFirst when replacement == 0:
                    replacement = number;
                    break;
                case SpliceKind.Remove:
                    removed = true;
                    break;
            }

            number = change.Before;
        }

        return !removed && ((firstValues == 0 && replacement == 0) || WriteValues(ref writer, memory, index, firstValues, replacement));
    }

    private bool WriteValues(ref SipWriter writer, in MessageMemory memory, int index, int firstValues, int replacement)
    {
        ref readonly HeaderSlot slot = ref memory.Slots[index];
        var value = memory.Value(index);
        ref int valuesAbove = ref _valuesAbove[(int)slot.Name];
        int drop = Math.Max(0, firstValues - valuesAbove);
        bool mayReplace = replacement > 0 && valuesAbove <= firstValues;
        int count = drop > 0 || mayReplace ? Count(value) : 0;
        bool replaces = mayReplace && firstValues < valuesAbove + count;
        valuesAbove += count;
        if (drop == 0 && !replaces)
        {
            return true;
        }

        if (drop < count)
        {
            WriteRest(ref writer, memory.Span[slot.Start..slot.ValueStart], value, drop, replaces ? Text(_changes[replacement - 1].Text) : default);
        }

        return false;
    }

    // The field without its first values, and with the next one replaced where there is a replacement.
    private static void WriteRest(ref SipWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int drop, ReadOnlySpan<byte> replacement)
    {
        var elements = new ElementList(value);
        for (int i = 0; i <= drop; i++)
        {
            elements.MoveNext();
        }

        writer.Raw(name);
        if (replacement.IsEmpty)
        {
            writer.Raw(value[elements.Start..].TrimStart(" \t\r\n"u8));
        }
        else
        {
            writer.Raw(replacement);
            writer.Raw(value[elements.End..]);
        }

        writer.Raw("\r\n"u8);
    }

    private static int Count(ReadOnlySpan<byte> value)
    {
        if (!value.Contains((byte)','))
        {
            return 1;
        }

        int count = 0;
        foreach (ReadOnlySpan<byte> _ in new ElementList(value))
        {
            count++;
        }

        return count;
    }

    private void Add(SpliceKind kind, HeaderName name, Piece text)
    {
        if (_count == _changes.Length)
        {
            Array.Resize(ref _changes, _count * 2);
        }

        ref int latest = ref _latest[(int)name];
        _changes[_count++] = new(kind, name, text, Before: latest);
        latest = kind == SpliceKind.Append ? latest : _count;
    }

    private ReadOnlySpan<byte> Text(Piece piece) => _text.AsSpan(piece.Start, piece.Length);

    private SipWriter Text() => new(_text, Length);

    private Piece Keep(in SipWriter writer)
    {
        int start = Length;
        (_text, Length) = (writer.Buffer, writer.Length);
        return new(start, Length - start);
    }

    /// <summary>A piece of the text that is put in: a whole field, or a value alone.</summary>
    private readonly record struct Piece(int Start, int Length);

    /// <summary>A change, and the number of the one before it of the same name.</summary>
    private readonly record struct Change(SpliceKind Kind, HeaderName Name, Piece Text, int Before);
}
