// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// Splices changes into a message: what is not named here leaves byte-exact and in order, the body always. Edits of one header add up; the message
/// that is edited stays as it is, and must not be disposed before the edited one was built. One edit can serve many messages, one after the other: then it
/// allocates nothing. Not for several threads.
/// </summary>
public sealed class MessageEdit
{
    private const int LongestName = 32;

    private readonly List<Change> _changes = new(8);
    private readonly ArrayBufferWriter<byte> _values = new(512);
    private SipMessage? _source;
    private int _uriStart;
    private int _uriLength;

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
        _changes.Clear();
        _values.ResetWrittenCount();
        (_source, _uriStart, _uriLength) = (message, 0, 0);
        return this;
    }

    /// <summary>The message that is edited.</summary>
    public SipMessage Message => Source;

    /// <summary>Replaces the Request-URI.</summary>
    public MessageEdit RequestUri(AnyUri uri)
    {
        (_uriStart, _uriLength) = Keep((uri as SipUri)?.WithoutHeaders().ToString() ?? uri.ToString());
        return this;
    }

    /// <summary>Replaces the Request-URI by one as it is written, which must be without header fields (RFC 3261 §19.1.1).</summary>
    public MessageEdit RequestUri(ReadOnlySpan<byte> uri)
    {
        (_uriStart, _uriLength) = Keep(uri);
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
    public MessageEdit RemoveFirstValue(HeaderName name) => Add(Kind.RemoveFirst, name, "");

    /// <summary>Puts another value in the place of the first one.</summary>
    public MessageEdit ReplaceFirstValue(HeaderName name, string value) => Add(Kind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ReadOnlySpan<byte> value) => Add(Kind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ref Utf8ValueHandler value) => Add(Kind.ReplaceFirst, name, ref value);

    /// <summary>Takes every field of that name away.</summary>
    public MessageEdit Remove(HeaderName name) => Add(Kind.Remove, name, "");

    /// <summary>Puts one field in the place of all of that name: where the first stood, or last.</summary>
    public MessageEdit Replace(HeaderName name, string value)
    {
        Add(Kind.Remove, name, "");
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ReadOnlySpan<byte> value)
    {
        Add(Kind.Remove, name, "");
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ref Utf8ValueHandler value)
    {
        Add(Kind.Remove, name, "");
        return Add(Source.Has(name) ? Kind.Prepend : Kind.Append, name, ref value);
    }

    /// <summary>The edited request.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipRequest BuildRequest(MessagePool? pool = null)
    {
        var source = (SipRequest)Source;
        SipRequest request = MessagePool.Request(pool, LongestResult);
        var writer = new SipWriter(request.Unindexed.Bytes);
        Write(ref writer, ref request.Unindexed);
        int uriEnd = _uriLength == 0 ? source.RequestUriEnd : source.RequestUriStart + _uriLength;
        request.Set(source.Method, source.RequestUriStart, uriEnd);
        return request;
    }

    /// <summary>The edited response.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipResponse BuildResponse(MessagePool? pool = null)
    {
        var source = (SipResponse)Source;
        SipResponse response = MessagePool.Response(pool, LongestResult);
        var writer = new SipWriter(response.Unindexed.Bytes);
        Write(ref writer, ref response.Unindexed);
        response.SetAs(source);
        return response;
    }

    /// <summary>Writes the edited message to where it is sent from.</summary>
    public void WriteTo(IBufferWriter<byte> target)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(LongestResult);
        var writer = new SipWriter(rented);
        var unused = default(MessageMemory);
        Write(ref writer, ref unused);
        target.Write(writer.Written);
        ArrayPool<byte>.Shared.Return(rented);
    }

    // A change adds its value, and at most a name, a colon and a line end.
    private int LongestResult => Source.Span.Length + _values.WrittenCount + (_changes.Count * LongestName);

    private void Write(ref SipWriter writer, ref MessageMemory result)
    {
        ref readonly MessageMemory memory = ref Source.Memory;
        WriteStartLine(ref writer, memory);
        int lineEnd = writer.Length;
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            if (_changes[i].Kind == Kind.Prepend && memory.Find(_changes[i].Name) < 0)
            {
                writer.Field(_changes[i].Name, Value(_changes[i]));
            }
        }

        // What no edit touches is copied in runs of fields.
        Span<int> valuesAbove = stackalloc int[HeaderNames.Count];
        int kept = memory.StartLineEnd;
        int end = memory.Count == 0 ? kept : memory.Slots[memory.Count - 1].End;
        for (int i = 0; i < memory.Count; i++)
        {
            HeaderSlot slot = memory.Slots[i];
            if (Touches(slot.Name))
            {
                writer.Raw(memory.Span[kept..slot.Start]);
                kept = slot.End;
                WriteTouched(ref writer, memory, i, ref valuesAbove[(int)slot.Name]);
            }
        }

        writer.Raw(memory.Span[kept..end]);
        foreach (Change change in _changes)
        {
            if (change.Kind == Kind.Append)
            {
                writer.Field(change.Name, Value(change));
            }
        }

        writer.Raw("\r\n"u8);
        int bodyStart = writer.Length;
        writer.Raw(Source.Body);
        result.Written(writer, lineEnd, bodyStart);
    }

    private void WriteStartLine(ref SipWriter writer, in MessageMemory memory)
    {
        var line = memory.Span[..memory.StartLineEnd];
        if (_uriLength == 0 || Source is not SipRequest request)
        {
            writer.Raw(line);
            return;
        }

        writer.Raw(line[..request.RequestUriStart]);
        writer.Value(_values.WrittenSpan.Slice(_uriStart, _uriLength));
        writer.Raw(line[request.RequestUriEnd..]);
    }

    private bool Touches(HeaderName name)
    {
        foreach (Change change in _changes)
        {
            if (change.Name == name && change.Kind != Kind.Append)
            {
                return true;
            }
        }

        return false;
    }

    private void WriteTouched(ref SipWriter writer, in MessageMemory memory, int index, ref int valuesAbove)
    {
        HeaderSlot slot = memory.Slots[index];
        int firstValues = 0; // how many values of this name the edits take away from the front
        int replacement = -1;
        bool removed = false, isFirst = memory.Find(slot.Name) == index;
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            Change change = _changes[i];
            if (change.Name == slot.Name)
            {
                removed |= change.Kind == Kind.Remove;
                firstValues += change.Kind == Kind.RemoveFirst ? 1 : 0;
                replacement = change.Kind == Kind.ReplaceFirst && replacement < 0 ? i : replacement;
                if (isFirst && change.Kind == Kind.Prepend)
                {
                    // The last prepended stands first, as if each had been put in front of the message in turn.
                    writer.Field(slot.Name, Value(change));
                }
            }
        }

        if (removed)
        {
            return;
        }

        var value = memory.Value(index);
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
            WriteRest(ref writer, memory.Span[slot.Start..slot.ValueStart], value, drop, replaces ? Value(_changes[replacement]) : default);
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
            writer.Value(replacement);
            writer.Raw(value[elements.End..]);
        }

        writer.Raw("\r\n"u8);
    }

    private static int Count(ReadOnlySpan<byte> value)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in new ElementList(value))
        {
            count++;
        }

        return count;
    }

    private ReadOnlySpan<byte> Value(Change change) => _values.WrittenSpan.Slice(change.Start, change.Length);

    private MessageEdit Add(Kind kind, HeaderName name, string value) => Add(kind, name, Keep(value));

    private MessageEdit Add(Kind kind, HeaderName name, ReadOnlySpan<byte> value) => Add(kind, name, Keep(value));

    private MessageEdit Add(Kind kind, HeaderName name, ref Utf8ValueHandler value)
    {
        Add(kind, name, value.Written);
        value.Return();
        return this;
    }

    private MessageEdit Add(Kind kind, HeaderName name, (int Start, int Length) value)
    {
        _changes.Add(new(kind, name, value.Start, value.Length));
        return this;
    }

    private (int Start, int Length) Keep(ReadOnlySpan<byte> value)
    {
        int start = _values.WrittenCount;
        _values.Write(value);
        return (start, value.Length);
    }

    private (int Start, int Length) Keep(string value)
    {
        int start = _values.WrittenCount;
        int length = Encoding.UTF8.GetBytes(value, _values.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length)));
        _values.Advance(length);
        return (start, length);
    }

    private readonly record struct Change(Kind Kind, HeaderName Name, int Start, int Length);
}
