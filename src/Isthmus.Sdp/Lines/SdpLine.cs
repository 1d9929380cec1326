// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sdp;

/// <summary>One line of a session description: <c>type=value</c> (RFC 8866 §5).</summary>
public readonly record struct SdpLine
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\r\n\0");

    /// <summary>Makes a line.</summary>
    /// <exception cref="ArgumentException">The type is no ASCII letter, or the value holds CR, LF or NUL.</exception>
    public SdpLine(char type, string value)
    {
        if (!char.IsAsciiLetter(type))
        {
            throw new ArgumentException("The type of a line is one letter.", nameof(type));
        }

        if (value.AsSpan().ContainsAny(Forbidden))
        {
            throw new ArgumentException("A line ends at CR, LF or NUL.", nameof(value));
        }

        (Type, Value) = (type, value);
    }

    /// <summary>The letter before the equals sign; case counts.</summary>
    public char Type { get; }

    /// <summary>What follows the equals sign; may be empty.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}={Value}";
}
