// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Walks the header lines of a message that a server wrote: one field a line, no folding.</summary>
internal ref struct HeaderLines
{
    private ReadOnlySpan<byte> _rest;

    public HeaderLines(ReadOnlySpan<byte> message)
    {
        int end = message.IndexOf((byte)'\n');
        _rest = end < 0 ? default : message[(end + 1)..];
        Line = default;
    }

    /// <summary>The whole line with its line end.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>What stands after the colon, without spaces around.</summary>
    public readonly ReadOnlySpan<byte> Value => Line[(Line.IndexOf((byte)':') + 1)..].Trim(" \r\n"u8);

    public bool MoveNext()
    {
        int end = _rest.IndexOf((byte)'\n');
        if (end <= 1)
        {
            return false; // the empty line
        }

        Line = _rest[..(end + 1)];
        _rest = _rest[(end + 1)..];
        return true;
    }

    /// <summary>Whether the line's name is this one, written with small letters and the colon.</summary>
    public readonly bool Is(ReadOnlySpan<byte> lowerName)
    {
        if (Line.Length <= lowerName.Length)
        {
            return false;
        }

        for (int i = 0; i < lowerName.Length; i++)
        {
            byte letter = Line[i];
            if ((letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter) != lowerName[i])
            {
                return false;
            }
        }

        return true;
    }
}
