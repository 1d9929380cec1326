// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Sip;

/// <summary>Walks *( SEMI generic-param ) of a header value (RFC 3261 §25.1) from a place in it; white space may stand around every piece.</summary>
internal ref struct ParameterWalk(ReadOnlySpan<byte> text, int at = 0)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at = at;
    private int _nameStart;
    private ParameterPlace _place;

    public readonly ReadOnlySpan<byte> Name => _text[_nameStart.._place.NameEnd];

    /// <summary>Where the parameter stands in the text.</summary>
    public readonly ParameterPlace Place => _place;

    /// <summary>The value as it is written, with its quotes where it has them; empty where there is none.</summary>
    public readonly ReadOnlySpan<byte> Value => _text[_place.ValueStart.._place.ValueEnd];

    /// <summary>After the last parameter: where what is none begins. It is a semicolon where a parameter is malformed.</summary>
    public readonly int End => _at;

    /// <summary>After the last parameter: whether there was nothing behind it, so that the whole text is well formed.</summary>
    public readonly bool IsWhole => _at == _text.Length;

    /// <summary>Goes to the next parameter; false at the end and at a fault.</summary>
    public bool MoveNext()
    {
        var text = _text;
        int at = _at = Scan.OverWhite(text, _at);
        if ((uint)at >= (uint)text.Length || text[at] != ';')
        {
            return false;
        }

        _nameStart = Scan.OverWhite(text, at + 1);
        int nameEnd = Scan.Over(text, _nameStart, Characters.Token);
        if (nameEnd == _nameStart)
        {
            return false;
        }

        int valueStart = 0, valueEnd = 0;
        at = Scan.OverWhite(text, nameEnd);
        if ((uint)at < (uint)text.Length && text[at] == '=')
        {
            valueStart = Scan.OverWhite(text, at + 1);
            valueEnd = valueStart < text.Length && text[valueStart] == '"' ? valueStart + QuotedString.Length(text[valueStart..]) : Scan.Over(text, valueStart, Characters.ParameterValue);
            if (valueEnd == valueStart)
            {
                return false;
            }

            at = valueEnd;
        }

        _at = at;
        _place = new() { NameEnd = nameEnd, ValueStart = valueStart, ValueEnd = valueEnd };
        return true;
    }

    /// <summary>Whether the name is that one, in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // then the usual case is one comparison
    public readonly bool IsNamed(ReadOnlySpan<byte> name) => Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(Name, name);

    /// <summary>Goes to the first parameter of that name, in any case.</summary>
    public bool MoveTo(ReadOnlySpan<byte> name)
    {
        while (MoveNext())
        {
            if (_place.NameEnd - _nameStart == name.Length && IsNamed(name))
            {
                return true;
            }
        }

        return false;
    }
}
