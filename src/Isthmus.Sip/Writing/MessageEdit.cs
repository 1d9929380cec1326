// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip;

/// <summary>
/// Splices changes into a message: what is not named here leaves byte-exact and in order, the body always. Edits of one header add up; the message
/// that is edited stays as it is, and must not be disposed before the edited one was built. One edit can serve many messages, one after the other: then it
/// allocates nothing. Not for several threads.
/// </summary>
public sealed class MessageEdit
{
    private readonly int[] _valuesAbove = new int[HeaderNames.Count];
    private Change[] _changes = new Change[16];
    private byte[] _text = new byte[1024];
    private int _count;
    private int _length;
    private NameSet _touched;
    private SipMessage? _source;
    private Piece _uri;

    private enum Kind
    {
        Prepend,
        Append,
        RemoveFirst,
        ReplaceFirst,
        Remove,
    }

    private SipMessage Source => _source ?? throw new InvalidOperationException("Begin an edit with the message to be edited.");

    /// <summary>Begins to edit a message.</summary>
    public static MessageEdit Of(SipMessage message) => new MessageEdit().Begin(message);

    /// <summary>Begins to edit a message; the edits made before are forgotten. An edit that is used again allocates nothing.</summary>
    public MessageEdit Begin(SipMessage message)
    {
        (_source, _count, _length, _touched, _uri) = (message, 0, 0, default, default);
        return this;
    }

    /// <summary>The message that is edited.</summary>
    public SipMessage Message => Source;

    /// <summary>Replaces the Request-URI.</summary>
    public MessageEdit RequestUri(AnyUri uri)
    {
        SipWriter writer = Text();
        writer.Text((uri as SipUri)?.WithoutHeaders().ToString() ?? uri.ToString());
        _uri = Keep(writer);
        return this;
    }

    /// <summary>Replaces the Request-URI by one as it is written, which must be without header fields (RFC 3261 §19.1.1).</summary>
    public MessageEdit RequestUri(ReadOnlySpan<byte> uri)
    {
        SipWriter writer = Text();
        writer.Value(uri);
        _uri = Keep(writer);
        return this;
    }

    /// <summary>Adds a field before the first of its name, or as the first of all.</summary>
    public MessageEdit Prepend(HeaderName name, string value) => Add(Kind.Prepend, name, value);

    /// <inheritdoc cref="Prepend(HeaderName, string)"/>
    public MessageEdit Prepend(HeaderName name, ReadOnlySpan<byte> value) => Add(Kind.Prepend, name, value);

    /// <inheritdoc cref="Prepend(HeaderName, string)"/>
    public MessageEdit Prepend(HeaderName name, ref Utf8ValueHandler value) => Add(Kind.Prepend, name, ref value);

    /// <summary>Adds a field behind all others.</summary>
    public MessageEdit Append(HeaderName name, string value) => Add(Kind.Append, name, value);

    /// <inheritdoc cref="Append(HeaderName, string)"/>
    public MessageEdit Append(HeaderName name, ReadOnlySpan<byte> value) => Add(Kind.Append, name, value);

    /// <inheritdoc cref="Append(HeaderName, string)"/>
    public MessageEdit Append(HeaderName name, ref Utf8ValueHandler value) => Add(Kind.Append, name, ref value);

    /// <summary>Takes the first value away: one element of a comma list, or the field that holds only it. Each call takes one more.</summary>
    public MessageEdit RemoveFirstValue(HeaderName name) => Add(Kind.RemoveFirst, name, default(Piece));

    /// <summary>Puts another value in the place of the first one.</summary>
    public MessageEdit ReplaceFirstValue(HeaderName name, string value) => Add(Kind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ReadOnlySpan<byte> value) => Add(Kind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ref Utf8ValueHandler value) => Add(Kind.ReplaceFirst, name, ref value);

    /// <summary>Takes every field of that name away.</summary>
    public MessageEdit Remove(HeaderName name) => Add(Kind.Remove, name, default(Piece));

    /// <summary>Puts one field in the place of all of that name: where the first stood, or last.</summary>
    public MessageEdit Replace(HeaderName name, string value)
    {
        Add(Kind.Remove, name, default(Piece));
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ReadOnlySpan<byte> value)
    {
        Add(Kind.Remove, name, default(Piece));
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ref Utf8ValueHandler value)
    {
        Add(Kind.Remove, name, default(Piece));
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, ref value);
    }

    /// <summary>The edited request.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipRequest BuildRequest(MessagePool? pool = null)
    {
        var source = (SipRequest)Source;
        SipRequest request = MessagePool.Request(pool, MostOctets);
        var writer = new SipWriter(request.Unindexed.Bytes);
        Write(ref writer, ref request.Unindexed);
        int uriEnd = _uri.Length == 0 ? source.RequestUriEnd : source.RequestUriStart + _uri.Length;
        request.Set(source.Method, source.RequestUriStart, uriEnd);
        return request;
    }

    /// <summary>The edited response.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipResponse BuildResponse(MessagePool? pool = null)
    {
        var source = (SipResponse)Source;
        SipResponse response = MessagePool.Response(pool, MostOctets);
        var writer = new SipWriter(response.Unindexed.Bytes);
        Write(ref writer, ref response.Unindexed);
        response.SetAs(source);
        return response;
    }

    /// <summary>Writes the edited message to where it is sent from.</summary>
    public void WriteTo(IBufferWriter<byte> target)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(MostOctets);
        var writer = new SipWriter(rented);
        var unused = default(MessageMemory);
        Write(ref writer, ref unused);
        target.Write(writer.Written);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private int MostOctets => Source.Span.Length + _length;

    private void Write(ref SipWriter writer, ref MessageMemory result)
    {
        ref readonly MessageMemory memory = ref Source.Memory;
        WriteStartLine(ref writer, memory);
        int lineEnd = writer.Length;
        bool appends = false;
        for (int i = _count - 1; i >= 0; i--)
        {
            ref readonly Change change = ref _changes[i];
            _valuesAbove[(int)change.Name] = 0;
            appends |= change.Kind == Kind.Append;
            if (change.Kind == Kind.Prepend && memory.Find(change.Name) < 0)
            {
                writer.Raw(Text(change.Text));
            }
        }

        // What no edit touches is copied in runs of fields.
        int kept = memory.StartLineEnd;
        for (int i = 0; i < memory.Count; i++)
        {
            ref readonly HeaderSlot slot = ref memory.Slots[i];
            if (_touched.Has(slot.Name))
            {
                writer.Raw(memory.Span[kept..slot.Start]);
                kept = slot.End;
                WriteTouched(ref writer, memory, i);
            }
        }

        int end = memory.Count == 0 ? memory.StartLineEnd : memory.Slots[memory.Count - 1].End;
        if (appends || end + 2 != memory.BodyStart)
        {
            writer.Raw(memory.Span[kept..end]);
            WriteAppended(ref writer);
            writer.Raw("\r\n"u8);
            kept = memory.BodyStart;
        }

        writer.Raw(memory.Span[kept..]);
        result.Written(writer, lineEnd, writer.Length - (memory.Length - memory.BodyStart));
    }

    private void WriteStartLine(ref SipWriter writer, in MessageMemory memory)
    {
        var line = memory.Span[..memory.StartLineEnd];
        if (_uri.Length == 0 || Source is not SipRequest request)
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
            if (change.Kind == Kind.Append)
            {
                writer.Raw(Text(change.Text));
            }
        }
    }

    private void WriteTouched(ref SipWriter writer, in MessageMemory memory, int index)
    {
        HeaderSlot slot = memory.Slots[index];
        int firstValues = 0; // how many values of this name the edits take away from the front
        int replacement = -1;
        bool removed = false, isFirst = memory.Find(slot.Name) == index;
        for (int i = _count - 1; i >= 0; i--)
        {
            ref readonly Change change = ref _changes[i];
            if (change.Name == slot.Name)
            {
                removed |= change.Kind == Kind.Remove;
                firstValues += change.Kind == Kind.RemoveFirst ? 1 : 0;
                replacement = change.Kind == Kind.ReplaceFirst && replacement < 0 ? i : replacement;
                if (isFirst && change.Kind == Kind.Prepend)
                {
                    // The last prepended stands first, as if each had been put in front of the message in turn.
                    writer.Raw(Text(change.Text));
                }
            }
        }

        if (removed)
        {
            return;
        }

        var value = memory.Value(index);
        ref int valuesAbove = ref _valuesAbove[(int)slot.Name];
        int drop = Math.Max(0, firstValues - valuesAbove);
        bool mayReplace = replacement >= 0 && valuesAbove <= firstValues;
        int count = drop > 0 || mayReplace ? Count(value) : 0;
        bool replaces = mayReplace && firstValues < valuesAbove + count;
        valuesAbove += count;
        if (drop == 0 && !replaces)
        {
            writer.Raw(memory.Span[slot.Start..slot.End]);
        }
        else if (drop < count)
        {
            WriteRest(ref writer, memory.Span[slot.Start..slot.ValueStart], value, drop, replaces ? Text(_changes[replacement].Text) : default);
        }
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

    private MessageEdit Add(Kind kind, HeaderName name, string value)
    {
        SipWriter writer = Text();
        if (kind == Kind.ReplaceFirst)
        {
            writer.Text(value);
        }
        else
        {
            writer.Field(name, value);
        }

        return Add(kind, name, Keep(writer));
    }

    private MessageEdit Add(Kind kind, HeaderName name, ReadOnlySpan<byte> value)
    {
        SipWriter writer = Text();
        if (kind == Kind.ReplaceFirst)
        {
            writer.Value(value);
        }
        else
        {
            writer.Field(name, value);
        }

        return Add(kind, name, Keep(writer));
    }

    private MessageEdit Add(Kind kind, HeaderName name, ref Utf8ValueHandler value)
    {
        Add(kind, name, value.Written);
        value.Return();
        return this;
    }

    private MessageEdit Add(Kind kind, HeaderName name, Piece text)
    {
        if (_count == _changes.Length)
        {
            Array.Resize(ref _changes, _count * 2);
        }

        _changes[_count++] = new(kind, name, text);
        if (kind != Kind.Append)
        {
            _touched.Add(name);
        }

        return this;
    }

    private ReadOnlySpan<byte> Text(Piece piece) => _text.AsSpan(piece.Start, piece.Length);

    private SipWriter Text() => new(_text, _length);

    private Piece Keep(in SipWriter writer)
    {
        int start = _length;
        (_text, _length) = (writer.Buffer, writer.Length);
        return new(start, _length - start);
    }

    /// <summary>A piece of the text that the edits add: a whole field, or a value alone.</summary>
    private readonly record struct Piece(int Start, int Length);

    private readonly record struct Change(Kind Kind, HeaderName Name, Piece Text);
}
