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
    private readonly Splices _splices = new();
    private SipMessage? _source;

    private SipMessage Source => _source ?? throw new InvalidOperationException("Begin an edit with the message to be edited.");

    /// <summary>Begins to edit a message.</summary>
    public static MessageEdit Of(SipMessage message) => new MessageEdit().Begin(message);

    /// <summary>Begins to edit a message; the edits made before are forgotten. An edit that is used again allocates nothing.</summary>
    public MessageEdit Begin(SipMessage message)
    {
        _source = message;
        _splices.Clear();
        return this;
    }

    /// <summary>The message that is edited.</summary>
    public SipMessage Message => Source;

    /// <summary>Replaces the Request-URI.</summary>
    public MessageEdit RequestUri(AnyUri uri)
    {
        _splices.Uri((uri as SipUri)?.WithoutHeaders().ToString() ?? uri.ToString());
        return this;
    }

    /// <summary>Replaces the Request-URI by one as it is written, which must be without header fields (RFC 3261 §19.1.1).</summary>
    public MessageEdit RequestUri(ReadOnlySpan<byte> uri)
    {
        _splices.Uri(uri);
        return this;
    }

    /// <summary>Adds a field before the first of its name, or as the first of all.</summary>
    public MessageEdit Prepend(HeaderName name, string value) => Add(SpliceKind.Prepend, name, value);

    /// <inheritdoc cref="Prepend(HeaderName, string)"/>
    public MessageEdit Prepend(HeaderName name, ReadOnlySpan<byte> value) => Add(SpliceKind.Prepend, name, value);

    /// <inheritdoc cref="Prepend(HeaderName, string)"/>
    public MessageEdit Prepend(HeaderName name, ref Utf8ValueHandler value) => Add(SpliceKind.Prepend, name, ref value);

    /// <summary>Adds a field behind all others.</summary>
    public MessageEdit Append(HeaderName name, string value) => Add(SpliceKind.Append, name, value);

    /// <inheritdoc cref="Append(HeaderName, string)"/>
    public MessageEdit Append(HeaderName name, ReadOnlySpan<byte> value) => Add(SpliceKind.Append, name, value);

    /// <inheritdoc cref="Append(HeaderName, string)"/>
    public MessageEdit Append(HeaderName name, ref Utf8ValueHandler value) => Add(SpliceKind.Append, name, ref value);

    /// <summary>Takes the first value away: one element of a comma list, or the field that holds only it. Each call takes one more.</summary>
    public MessageEdit RemoveFirstValue(HeaderName name) => Take(SpliceKind.RemoveFirst, name);

    /// <summary>Puts another value in the place of the first one.</summary>
    public MessageEdit ReplaceFirstValue(HeaderName name, string value) => Add(SpliceKind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ReadOnlySpan<byte> value) => Add(SpliceKind.ReplaceFirst, name, value);

    /// <inheritdoc cref="ReplaceFirstValue(HeaderName, string)"/>
    public MessageEdit ReplaceFirstValue(HeaderName name, ref Utf8ValueHandler value) => Add(SpliceKind.ReplaceFirst, name, ref value);

    /// <summary>Takes every field of that name away.</summary>
    public MessageEdit Remove(HeaderName name) => Take(SpliceKind.Remove, name);

    /// <summary>Puts one field in the place of all of that name: where the first stood, or last.</summary>
    public MessageEdit Replace(HeaderName name, string value)
    {
        Take(SpliceKind.Remove, name);
        return Add(Source.Has(name) ? SpliceKind.Prepend : SpliceKind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ReadOnlySpan<byte> value)
    {
        Take(SpliceKind.Remove, name);
        return Add(Source.Has(name) ? SpliceKind.Prepend : SpliceKind.Append, name, value);
    }

    /// <inheritdoc cref="Replace(HeaderName, string)"/>
    public MessageEdit Replace(HeaderName name, ref Utf8ValueHandler value)
    {
        Take(SpliceKind.Remove, name);
        return Add(Source.Has(name) ? SpliceKind.Prepend : SpliceKind.Append, name, ref value);
    }

    /// <summary>Puts one field with a number, 0 or more, in the place of all of that name: where the first stood, or last.</summary>
    public MessageEdit Replace(HeaderName name, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Take(SpliceKind.Remove, name);
        _splices.Add(Source.Has(name) ? SpliceKind.Prepend : SpliceKind.Append, name, (uint)value);
        return this;
    }

    /// <summary>The edited request.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipRequest BuildRequest(MessagePool? pool = null)
    {
        var source = (SipRequest)Source;
        SipRequest request = MessagePool.Request(pool, MostOctets);
        var writer = new SipWriter(request.Unindexed.Bytes);
        _splices.Write(source, ref writer, ref request.Unindexed);
        int uriEnd = _splices.UriLength == 0 ? source.RequestUriEnd : source.RequestUriStart + _splices.UriLength;
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
        _splices.Write(source, ref writer, ref response.Unindexed);
        response.SetAs(source);
        return response;
    }

    /// <summary>Writes the edited message to where it is sent from.</summary>
    public void WriteTo(IBufferWriter<byte> target)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(MostOctets);
        var writer = new SipWriter(rented);
        var unused = default(MessageMemory);
        _splices.Write(Source, ref writer, ref unused);
        target.Write(writer.Written);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private int MostOctets => Source.Span.Length + _splices.Length;

    private MessageEdit Take(SpliceKind kind, HeaderName name)
    {
        _splices.Add(kind, name);
        return this;
    }

    private MessageEdit Add(SpliceKind kind, HeaderName name, string value)
    {
        _splices.Add(kind, name, value);
        return this;
    }

    private MessageEdit Add(SpliceKind kind, HeaderName name, ReadOnlySpan<byte> value)
    {
        _splices.Add(kind, name, value);
        return this;
    }

    private MessageEdit Add(SpliceKind kind, HeaderName name, ref Utf8ValueHandler value)
    {
        _splices.Add(kind, name, value.Written);
        value.Return();
        return this;
    }
}
