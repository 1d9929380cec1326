// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>
/// Writes an XML document as UTF-8, without an object for each element. Elements are named as they are to appear, prefix included: some phones look for
/// the octets <c>&lt;rpid:away/&gt;</c> and not for the element that they mean.
/// </summary>
internal ref struct MarkupWriter
{
    private const string OfXml = "http://www.w3.org/XML/1998/namespace";

    // What stands for itself in text and in values: all but what is markup, and what XML 1.0 §2.2 does not allow at all.
    private static readonly SearchValues<char> Special = SearchValues.Create(
        "&<>\"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000b\u000c\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\ufffe\uffff");

    private readonly IBufferWriter<byte> _output;
    private bool _inTag;

    public MarkupWriter(IBufferWriter<byte> output)
    {
        _output = output;
        output.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"u8);
    }

    /// <summary>Begins an element; attributes may follow.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        CloseTag();
        _output.Write("<"u8);
        _output.Write(name);
        _inTag = true;
    }

    /// <summary>Ends the element of this name that was begun last and has not ended; one with nothing in it as <c>&lt;name/&gt;</c>.</summary>
    public void End(ReadOnlySpan<byte> name)
    {
        if (_inTag)
        {
            _output.Write("/>"u8);
            _inTag = false;
            return;
        }

        _output.Write("</"u8);
        _output.Write(name);
        _output.Write(">"u8);
    }

    /// <summary>An attribute of the element just begun; null leaves it out.</summary>
    public readonly void Attribute(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            Escaped(value, inValue: true);
            _output.Write("\""u8);
        }
    }

    /// <summary>An attribute whose value is a number; null leaves it out.</summary>
    public readonly void Attribute(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            Name(name);
            _output.Advance(Utf8Number(number, _output.GetSpan(20)));
            _output.Write("\""u8);
        }
    }

    /// <summary>An attribute whose value stands for itself: no character of it is markup.</summary>
    public readonly void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        _output.Write(value);
        _output.Write("\""u8);
    }

    /// <summary>The attribute that counts the documents of a subscription; empty when it is filled in later.</summary>
    public readonly void Version(int? version)
    {
        if (version is null)
        {
            Attribute("version"u8, ""u8);
        }
        else
        {
            Attribute("version"u8, version);
        }
    }

    /// <summary>Text in the element that is open.</summary>
    public void Text(string text)
    {
        CloseTag();
        Escaped(text, inValue: false);
    }

    /// <summary>An element with nothing but text; null leaves it out.</summary>
    public void Element(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            Begin(name);
            Text(text);
            End(name);
        }
    }

    /// <summary>An element with nothing but a number; null leaves it out.</summary>
    public void Element(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            Begin(name);
            CloseTag();
            _output.Advance(Utf8Number(number, _output.GetSpan(20)));
            End(name);
        }
    }

    /// <summary>An element that was read, with all that is in it. It brings its namespace as the default one, so that no prefix has to be found for it.</summary>
    public void Element(MarkupElement element, string around = "")
    {
        byte[] name = Encoding.UTF8.GetBytes(element.Name);
        Begin(name);
        if (element.Namespace != around)
        {
            Attribute("xmlns"u8, element.Namespace);
        }

        int prefixes = 0;
        foreach (var attribute in element.Attributes)
        {
            Attribute(attribute, ref prefixes);
        }

        if (element.Text.Length > 0)
        {
            Text(element.Text);
        }

        foreach (var child in element.Children)
        {
            Element(child, element.Namespace);
        }

        End(name);
    }

    /// <summary>Those of some elements that were read which are, or are not, of the namespace around them: what is not stands last in most schemas.</summary>
    public void Elements(ImmutableArray<MarkupElement> elements, string around, bool ofNamespace)
    {
        foreach (var element in elements)
        {
            if (element.Namespace == around == ofNamespace)
            {
                Element(element, around);
            }
        }
    }

    private readonly void Attribute(MarkupAttribute attribute, ref int prefixes)
    {
        if (attribute.Namespace.Length == 0)
        {
            Attribute(Encoding.UTF8.GetBytes(attribute.Name), attribute.Value);
        }
        else if (attribute.Namespace == OfXml)
        {
            Attribute(Encoding.UTF8.GetBytes($"xml:{attribute.Name}"), attribute.Value);
        }
        else
        {
            string prefix = $"a{++prefixes}";
            Attribute(Encoding.UTF8.GetBytes($"xmlns:{prefix}"), attribute.Namespace);
            Attribute(Encoding.UTF8.GetBytes($"{prefix}:{attribute.Name}"), attribute.Value);
        }
    }

    private readonly void Name(ReadOnlySpan<byte> name)
    {
        _output.Write(" "u8);
        _output.Write(name);
        _output.Write("=\""u8);
    }

    private void CloseTag()
    {
        if (_inTag)
        {
            _output.Write(">"u8);
            _inTag = false;
        }
    }

    // Half a surrogate pair becomes U+FFFD by the encoder; what XML does not allow becomes the same.
    private readonly void Escaped(ReadOnlySpan<char> text, bool inValue)
    {
        while (!text.IsEmpty)
        {
            int special = text.IndexOfAny(Special);
            Encoding.UTF8.GetBytes(special < 0 ? text : text[..special], _output);
            if (special < 0)
            {
                return;
            }

            _output.Write(text[special] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '"' => inValue ? "&quot;"u8 : "\""u8,
                '\t' => inValue ? "&#9;"u8 : "\t"u8,
                '\n' => inValue ? "&#10;"u8 : "\n"u8,
                '\r' => "&#13;"u8,
                _ => "\uFFFD"u8,
            });
            text = text[(special + 1)..];
        }
    }

    private static int Utf8Number(long number, Span<byte> into) => System.Buffers.Text.Utf8Formatter.TryFormat(number, into, out int written) ? written : 0;
}
