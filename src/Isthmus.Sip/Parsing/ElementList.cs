// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Walks the comma-separated elements of a header value; commas in quotes and in angle brackets do not separate.</summary>
internal ref struct ElementList(ReadOnlySpan<byte> value)
{
    private ReadOnlySpan<byte> _rest = value;
    private int _offset;
    private bool _ended;

    /// <summary>The element, trimmed.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where the untrimmed element starts in the value.</summary>
    public int Start { get; private set; }

    /// <summary>Where the untrimmed element ends in the value: at its comma or at the value's end.</summary>
    public int End { get; private set; }

    public readonly ElementList GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        int length = ElementLength(_rest);
        Current = Characters.Trim(_rest[..length]);
        Start = _offset;
        End = _offset + length;
        _ended = length == _rest.Length;
        _rest = _ended ? default : _rest[(length + 1)..];
        _offset = End + 1;
        return true;
    }

    private static int ElementLength(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)','))
        {
            return text.Length;
        }

        int i = 0;
        bool angle = false;
        while ((i = Scan.To(text, i, Characters.ListStops)) < text.Length)
        {
            switch (text[i])
            {
                case (byte)',' when !angle:
                    return i;
                case (byte)'<':
                    angle = true;
                    break;
                case (byte)'>':
                    angle = false;
                    break;
                case (byte)'"' when !angle:
                    int quoted = QuotedString.Length(text[i..]);
                    i = quoted == 0 ? text.Length : i + quoted;
                    continue;
            }

            i++;
        }

        return text.Length;
    }
}
