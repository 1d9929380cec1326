// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Walks *( SEMI generic-param ) of a header value (RFC 3261 §25.1) where it stands; white space may stand around every piece.</summary>
internal ref struct ParameterWalk(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private int _nameStart;
    private int _nameEnd;
    private int _valueStart;
    private int _valueEnd;

    public readonly ReadOnlySpan<byte> Name => _text[_nameStart.._nameEnd];

    /// <summary>The value as it is written, with its quotes where it has them; empty where there is none.</summary>
    public readonly ReadOnlySpan<byte> Value => _text[_valueStart.._valueEnd];

    public readonly bool HasValue => _valueEnd > _valueStart;

    /// <summary>The value without its quotes; a backslash inside stays as it is written.</summary>
    public readonly ReadOnlySpan<byte> Content => HasValue && _text[_valueStart] == '"' ? _text[(_valueStart + 1)..(_valueEnd - 1)] : Value;

    /// <summary>Where the walk stands in the text: behind the last parameter that was well formed.</summary>
    public readonly int NameStart => _nameStart;

    public readonly int NameEnd => _nameEnd;

    public readonly int ValueStart => _valueStart;

    public readonly int ValueEnd => _valueEnd;

    /// <summary>After the last parameter: whether there was nothing behind it, so that the whole text is well formed.</summary>
    public readonly bool IsWhole => _at == _text.Length;

    /// <summary>Goes to the next parameter; false at the end and at a fault.</summary>
    public bool MoveNext()
    {
        var text = _text;
        int at = Scan.OverWhite(text, _at);
        if ((uint)at >= (uint)text.Length || text[at] != ';')
        {
            _at = at;
            return false;
        }

        int nameStart = Scan.OverWhite(text, at + 1);
        int nameEnd = Scan.Over(text, nameStart, OctetKinds.Token);
        if (nameEnd == nameStart)
        {
            return false;
        }

        int valueStart = 0, valueEnd = 0;
        at = Scan.OverWhite(text, nameEnd);
        if ((uint)at < (uint)text.Length && text[at] == '=')
        {
            valueStart = Scan.OverWhite(text, at + 1);
            var rest = text[valueStart..];
            int length = !rest.IsEmpty && rest[0] == '"' ? QuotedString.Length(rest) : rest.IndexOfAnyExcept(Characters.ParameterValue);
            valueEnd = length < 0 ? text.Length : valueStart + length;
            if (valueEnd == valueStart)
            {
                return false;
            }

            at = Scan.OverWhite(text, valueEnd);
        }

        if (at < text.Length && text[at] != ';')
        {
            return false;
        }

        (_at, _nameStart, _nameEnd, _valueStart, _valueEnd) = (at, nameStart, nameEnd, valueStart, valueEnd);
        return true;
    }

    /// <summary>Whether the name is that one, in any case.</summary>
    public readonly bool IsNamed(ReadOnlySpan<byte> name) => _nameEnd - _nameStart == name.Length && Ascii.EqualsIgnoreCase(_text[_nameStart.._nameEnd], name);

    /// <summary>Goes to the first parameter of that name, in any case.</summary>
    public bool MoveTo(ReadOnlySpan<byte> name)
    {
        while (MoveNext())
        {
            if (IsNamed(name))
            {
                return true;
            }
        }

        return false;
    }
}
