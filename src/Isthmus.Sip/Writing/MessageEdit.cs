// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>
/// Splices changes into a message: what is not named here leaves byte-exact and in order, the body always. Edits of one header add up; the message
/// that is edited stays as it is.
/// </summary>
public sealed class MessageEdit
{
    private readonly SipMessage _source;
    private readonly List<Change> _changes = new(8);
    private AnyUri? _requestUri;

    private MessageEdit(SipMessage source) => _source = source;

    private enum Kind
    {
        Prepend,
        Append,
        RemoveFirst,
        ReplaceFirst,
        Remove,
    }

    /// <summary>Begins to edit a message.</summary>
    public static MessageEdit Of(SipMessage message) => new(message);

    /// <summary>Replaces the Request-URI.</summary>
    public MessageEdit RequestUri(AnyUri uri)
    {
        _requestUri = uri is SipUri sip ? sip.WithoutHeaders() : uri;
        return this;
    }

    /// <summary>Adds a field before the first of its name, or as the first of all.</summary>
    public MessageEdit Prepend(HeaderName name, string value) => Add(Kind.Prepend, name, value);

    /// <summary>Adds a field behind all others.</summary>
    public MessageEdit Append(HeaderName name, string value) => Add(Kind.Append, name, value);

    /// <summary>Takes the first value away: one element of a comma list, or the field that holds only it. Each call takes one more.</summary>
    public MessageEdit RemoveFirstValue(HeaderName name) => Add(Kind.RemoveFirst, name, "");

    /// <summary>Puts another value in the place of the first one.</summary>
    public MessageEdit ReplaceFirstValue(HeaderName name, string value) => Add(Kind.ReplaceFirst, name, value);

    /// <summary>Takes every field of that name away.</summary>
    public MessageEdit Remove(HeaderName name) => Add(Kind.Remove, name, "");

    /// <summary>Puts one field in the place of all of that name: where the first stood, or last.</summary>
    public MessageEdit Replace(HeaderName name, string value)
    {
        Add(Kind.Remove, name, "");
        return Add(_source.Has(name) ? Kind.Prepend : Kind.Append, name, value);
    }

    /// <summary>The edited request.</summary>
    public SipRequest BuildRequest() => (SipRequest)Build();

    /// <summary>The edited response.</summary>
    public SipResponse BuildResponse() => (SipResponse)Build();

    private SipMessage Build()
    {
        ref readonly MessageMemory memory = ref _source.Memory;
        var writer = new SipWriter(memory.Length + 512);
        WriteStartLine(ref writer, memory);
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            if (_changes[i].Kind == Kind.Prepend && !_source.Has(_changes[i].Name))
            {
                writer.Field(_changes[i].Name, _changes[i].Value);
            }
        }

        for (int i = 0; i < memory.Count; i++)
        {
            WriteField(ref writer, memory, i);
        }

        foreach (Change change in _changes)
        {
            if (change.Kind == Kind.Append)
            {
                writer.Field(change.Name, change.Value);
            }
        }

        writer.Raw("\r\n"u8);
        writer.Raw(_source.Body);
        SipMessage result = WrittenMessage.Read(writer.Written, needsVia: false);
        writer.Return();
        return result;
    }

    private void WriteStartLine(ref SipWriter writer, in MessageMemory memory)
    {
        var line = memory.Span[..memory.StartLineEnd];
        if (_requestUri is null || _source is not SipRequest request)
        {
            writer.Raw(line);
            return;
        }

        writer.Raw(line[..request.RequestUriRange.Start.Value]);
        writer.Text(_requestUri.ToString());
        writer.Raw(line[request.RequestUriRange.End.Value..]);
    }

    private void WriteField(ref SipWriter writer, in MessageMemory memory, int index)
    {
        HeaderSlot slot = memory.Slots[index];
        bool isFirst = memory.Find(slot.Name) == index;
        int firstValues = 0; // how many values of this name the edits take away from the front
        string? replacement = null;
        bool touched = false, removed = false;
        foreach (Change change in _changes)
        {
            if (change.Name != slot.Name)
            {
                continue;
            }

            touched = true;
            removed |= change.Kind == Kind.Remove;
            firstValues += change.Kind == Kind.RemoveFirst ? 1 : 0;
            replacement = change.Kind == Kind.ReplaceFirst ? change.Value : replacement;
        }

        if (touched && isFirst)
        {
            // The last prepended stands first, as if each had been put in front of the message in turn.
            for (int i = _changes.Count - 1; i >= 0; i--)
            {
                if (_changes[i].Kind == Kind.Prepend && _changes[i].Name == slot.Name)
                {
                    writer.Field(slot.Name, _changes[i].Value);
                }
            }
        }

        var line = memory.Span[slot.Start..slot.End];
        if (!touched || (!removed && firstValues == 0 && replacement is null))
        {
            writer.Raw(line);
        }
        else if (!removed)
        {
            WriteChanged(ref writer, memory, index, firstValues, replacement);
        }
    }

    private static void WriteChanged(ref SipWriter writer, in MessageMemory memory, int index, int firstValues, string? replacement)
    {
        HeaderSlot slot = memory.Slots[index];
        int before = 0; // values of this name in the fields above
        for (int above = memory.Find(slot.Name); above != index; above = memory.Find(slot.Name, above + 1))
        {
            before += Count(memory.Value(above));
        }

        var value = memory.Value(index);
        int drop = Math.Max(0, firstValues - before);
        bool replaces = replacement is not null && before <= firstValues && firstValues < before + Count(value);
        if (drop == 0 && !replaces)
        {
            writer.Raw(memory.Span[slot.Start..slot.End]);
            return;
        }

        if (drop >= Count(value))
        {
            return;
        }

        var elements = new ElementList(value);
        for (int i = 0; i <= drop; i++)
        {
            elements.MoveNext();
        }

        int start = elements.Start;
        int afterFirst = elements.End;
        writer.Raw(memory.Span[slot.Start..slot.ValueStart]);
        if (replaces)
        {
            writer.Text(replacement!);
            writer.Raw(value[afterFirst..]);
        }
        else
        {
            writer.Raw(value[start..].TrimStart(" \t\r\n"u8));
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

    private MessageEdit Add(Kind kind, HeaderName name, string value)
    {
        _changes.Add(new(kind, name, value));
        return this;
    }

    private readonly record struct Change(Kind Kind, HeaderName Name, string Value);
}
