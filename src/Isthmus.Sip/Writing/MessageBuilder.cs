// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What requests and responses have in common while they are made. Header fields are written in the order in which they were added.</summary>
public abstract class MessageBuilder<TSelf>
    where TSelf : MessageBuilder<TSelf>
{
    private readonly List<(HeaderName Name, string? Other, string Value)> _fields = new(16);
    private ReadOnlyMemory<byte> _body;

    private protected MessageBuilder()
    {
    }

    /// <summary>Adds a header field. CR, LF and NUL in the value become spaces.</summary>
    public TSelf Header(HeaderName name, string value)
    {
        _fields.Add((name, null, value));
        return (TSelf)this;
    }

    /// <summary>Adds a header field by its wire name.</summary>
    public TSelf Header(string name, string value)
    {
        _fields.Add((HeaderName.Other, name, value));
        return (TSelf)this;
    }

    /// <summary>Adds a Via.</summary>
    public TSelf Via(Via via) => Header(HeaderName.Via, via.ToString());

    /// <summary>Adds a Contact.</summary>
    public TSelf Contact(NameAddr contact) => Header(HeaderName.Contact, contact.ToString());

    /// <summary>Sets the body and its Content-Type.</summary>
    public TSelf Body(string contentType, ReadOnlySpan<byte> body)
    {
        _body = body.ToArray();
        return Header(HeaderName.ContentType, contentType);
    }

    private protected void WriteFieldsAndBody(ref SipWriter writer)
    {
        foreach (var (name, other, value) in _fields)
        {
            if (other is null)
            {
                writer.Field(name, value);
            }
            else
            {
                writer.Field(other, value);
            }
        }

        writer.End(_body.Span);
    }
}
