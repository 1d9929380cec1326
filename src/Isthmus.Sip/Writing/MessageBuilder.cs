// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What requests and responses have in common while they are made. Header fields are written in the order in which they were added.</summary>
public abstract class MessageBuilder<TSelf>
    where TSelf : MessageBuilder<TSelf>
{
    private byte[] _fields = new byte[512];
    private byte[] _body = [];
    private int _fieldsLength;
    private int _bodyLength;

    private protected MessageBuilder()
    {
    }

    /// <summary>Adds a header field. CR, LF and NUL in the value become spaces.</summary>
    public TSelf Header(HeaderName name, string value)
    {
        SipWriter writer = Fields();
        writer.Field(name, value);
        return Keep(writer);
    }

    /// <summary>Adds a header field by its wire name.</summary>
    public TSelf Header(string name, string value)
    {
        SipWriter writer = Fields();
        writer.Field(name, value);
        return Keep(writer);
    }

    /// <inheritdoc cref="Header(HeaderName, string)"/>
    public TSelf Header(HeaderName name, ReadOnlySpan<byte> value)
    {
        SipWriter writer = Fields();
        writer.Field(name, value);
        return Keep(writer);
    }

    /// <inheritdoc cref="Header(HeaderName, string)"/>
    public TSelf Header(HeaderName name, ref Utf8ValueHandler value)
    {
        Header(name, value.Written);
        value.Return();
        return (TSelf)this;
    }

    /// <summary>Adds a Via.</summary>
    public TSelf Via(Via via) => Header(HeaderName.Via, via.ToString());

    /// <summary>Adds a Contact.</summary>
    public TSelf Contact(NameAddr contact) => Header(HeaderName.Contact, contact.ToString());

    /// <summary>Sets the body and its Content-Type.</summary>
    public TSelf Body(string contentType, ReadOnlySpan<byte> body)
    {
        KeepBody(body);
        return Header(HeaderName.ContentType, contentType);
    }

    /// <inheritdoc cref="Body(string, ReadOnlySpan{byte})"/>
    public TSelf Body(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        KeepBody(body);
        return Header(HeaderName.ContentType, contentType);
    }

    private protected int FieldsAndBodyLength => _fieldsLength + _bodyLength;

    private protected void Clear() => _fieldsLength = _bodyLength = 0;

    /// <summary>Writes what was added and the body; says where the body begins.</summary>
    private protected int WriteFieldsAndBody(ref SipWriter writer)
    {
        writer.Raw(_fields.AsSpan(0, _fieldsLength));
        writer.Raw("Content-Length: "u8);
        writer.Number(_bodyLength);
        writer.Raw("\r\n\r\n"u8);
        int bodyStart = writer.Length;
        writer.Raw(_body.AsSpan(0, _bodyLength));
        return bodyStart;
    }

    private SipWriter Fields() => new(_fields, _fieldsLength);

    private TSelf Keep(SipWriter writer)
    {
        (_fields, _fieldsLength) = (writer.Buffer, writer.Length);
        return (TSelf)this;
    }

    private void KeepBody(ReadOnlySpan<byte> body)
    {
        if (_body.Length < body.Length)
        {
            _body = new byte[body.Length];
        }

        body.CopyTo(_body);
        _bodyLength = body.Length;
    }
}
