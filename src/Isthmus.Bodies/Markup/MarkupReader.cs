// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>
/// Reads an XML document into elements, in one pass over its octets. It comes from anybody, so a document with a DTD is refused: there are no entities to
/// expand and nothing to fetch; size, depth and the number of elements are bounded, and what is wrong is a fault and never an exception, which would cost more than
/// all the reading. Text is UTF-8 (RFC 3863 §4.1) or, where it says so, ISO-8859-1; names are ASCII.
/// </summary>
internal ref struct MarkupReader
{
    private const string NotXml = "this is not XML";

    private readonly ReadOnlySpan<byte> _text;
    private readonly BodyLimits _limits;
    private readonly Stack<MarkupInReading> _open = new();
    private readonly MarkupNamespaces _namespaces = new();
    private MarkupElement? _root;
    private int _at;
    private int _elements;
    private string? _reason;

    private MarkupReader(ReadOnlySpan<byte> text, BodyLimits limits)
    {
        _text = text;
        _limits = limits;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, BodyLimits limits, [NotNullWhen(true)] out MarkupElement? root, [NotNullWhen(false)] out BodyFault? fault)
    {
        root = null;
        if (body.Length > limits.MaxBytes)
        {
            fault = new(0, "the body is larger than allowed");
            return false;
        }

        if (!MarkupOctets.TryDecode(ref body, out string? reason))
        {
            fault = new(0, reason);
            return false;
        }

        var reader = new MarkupReader(body, limits);
        root = reader.ReadAll() ? reader._root : null;
        fault = root is null ? new(1 + body[..reader._at].Count((byte)'\n'), reader._reason ?? NotXml) : null;
        return root is not null;
    }

    private bool ReadAll()
    {
        while (_at < _text.Length)
        {
            bool isGood = _text[_at] == '<' ? ReadMarkup() : ReadText();
            if (!isGood)
            {
                return false;
            }
        }

        return _root is not null && _open.Count == 0;
    }

    private bool ReadMarkup()
    {
        var rest = _text[_at..];
        return rest.StartsWith("<!--"u8) ? SkipComment()
            : rest.StartsWith("<![CDATA["u8) ? ReadLiteral()
            : rest.StartsWith("<!DOCTYPE"u8) ? Fail("a document type is not allowed")
            : rest.StartsWith("<?"u8) ? SkipInstruction()
            : rest.StartsWith("</"u8) ? ReadEnd()
            : ReadStart();
    }

    // XML 1.0 §2.4: text is read with its references; outside of the root there is none.
    private bool ReadText()
    {
        int end = _text[_at..].IndexOf((byte)'<');
        var run = end < 0 ? _text[_at..] : _text.Slice(_at, end);
        if (MarkupOctets.IsWhiteSpace(run) && (_open.Count == 0 || _open.Peek().Text is null))
        {
            _at += run.Length;
            return true;
        }

        if (_open.Count == 0 || run.IndexOf("]]>"u8) >= 0 || !MarkupOctets.TryUnescape(run, isValue: false, out string? text))
        {
            return false;
        }

        _open.Peek().Add(text);
        _at += run.Length;
        return true;
    }

    private bool ReadLiteral()
    {
        int begin = _at + "<![CDATA["u8.Length;
        int length = _text[begin..].IndexOf("]]>"u8);
        if (length < 0 || _open.Count == 0)
        {
            return false;
        }

        _open.Peek().Add(Encoding.UTF8.GetString(_text.Slice(begin, length)));
        _at = begin + length + 3;
        return true;
    }

    // XML 1.0 §2.5: two hyphens end a comment, and nothing else may follow them.
    private bool SkipComment()
    {
        int begin = _at + 4;
        int length = _text[begin..].IndexOf("--"u8);
        if (length < 0 || !_text[(begin + length)..].StartsWith("-->"u8))
        {
            return false;
        }

        _at = begin + length + 3;
        return true;
    }

    // The declaration is one that may stand at the very beginning only; what it says of the charset has been seen to.
    private bool SkipInstruction()
    {
        var rest = _text[(_at + 2)..];
        int length = rest.IndexOf("?>"u8);
        int name = MarkupOctets.NameLength(rest);
        if (length < 0 || name == 0 || name > length || (Ascii.EqualsIgnoreCase(rest[..name], "xml"u8) && (_at != 0 || !MarkupOctets.IsDeclaration(rest[..length]))))
        {
            return false;
        }

        _at += 2 + length + 2;
        return true;
    }

    private bool ReadStart()
    {
        if (_root is not null && _open.Count == 0)
        {
            return false;
        }

        if (_open.Count >= _limits.MaxDepth)
        {
            return Fail("elements lie deeper than allowed");
        }

        var tag = new MarkupTag(_text, _at);
        if (!tag.TryRead(_namespaces, _open.Count + 1, out var element))
        {
            _at = tag.At;
            return false;
        }

        _elements += 1 + tag.Attributes;
        if (_elements > _limits.MaxElements)
        {
            return Fail("there are more elements than allowed");
        }

        _at = tag.At;
        _open.Push(element);
        if (tag.IsEmpty)
        {
            Close();
        }

        return true;
    }

    private bool ReadEnd()
    {
        int name = MarkupOctets.QualifiedNameLength(_text[(_at + 2)..]);
        int end = _at + 2 + name;
        if (_open.Count == 0 || !_text.Slice(_at + 2, name).SequenceEqual(_text[_open.Peek().Written]))
        {
            return false;
        }

        end += MarkupOctets.WhiteSpaceLength(_text[end..]);
        if (end == _text.Length || _text[end] != '>')
        {
            return false;
        }

        _at = end + 1;
        Close();
        return true;
    }

    private void Close()
    {
        var element = _open.Pop().ToElement();
        _namespaces.Leave(_open.Count);
        if (_open.TryPeek(out var parent))
        {
            parent.Add(element);
        }
        else
        {
            _root = element;
        }
    }

    private bool Fail(string reason)
    {
        _reason = reason;
        return false;
    }
}
