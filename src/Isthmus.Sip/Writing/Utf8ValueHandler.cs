// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Sip;

/// <summary>Writes an interpolated header value as UTF-8 without making a string of it.</summary>
[InterpolatedStringHandler]
public ref struct Utf8ValueHandler(int literalLength, int formattedCount)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(literalLength + (formattedCount * 32));
    private int _length;

    internal readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Adds literal text.</summary>
    public void AppendLiteral(string text) => AppendFormatted(text);

    /// <summary>Adds text.</summary>
    public void AppendFormatted(string? text)
    {
        if (text is not null)
        {
            Grow(Encoding.UTF8.GetMaxByteCount(text.Length));
            _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        }
    }

    /// <summary>Adds bytes.</summary>
    public void AppendFormatted(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Adds a number; as the more general overload, and never boxed.</summary>
    public void AppendFormatted(int value, string? format = null) => Format(value, format);

    /// <inheritdoc cref="AppendFormatted(int, string?)"/>
    public void AppendFormatted(uint value, string? format = null) => Format(value, format);

    /// <summary>Adds a value in the invariant culture.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (value is IUtf8SpanFormattable)
        {
            // The cast stands in the call: so the compiler leaves the box out for value types.
            int written;
            while (!((IUtf8SpanFormattable)value).TryFormat(_buffer.AsSpan(_length), out written, format, CultureInfo.InvariantCulture))
            {
                Grow(_buffer.Length);
            }

            _length += written;
        }
        else
        {
            AppendFormatted(value?.ToString());
        }
    }

    /// <summary>Gives the buffer back once the value was copied.</summary>
    internal void Return() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Format<T>(T value, string? format)
        where T : IUtf8SpanFormattable
    {
        int written;
        while (!value.TryFormat(_buffer.AsSpan(_length), out written, format, CultureInfo.InvariantCulture))
        {
            Grow(_buffer.Length);
        }

        _length += written;
    }

    private void Grow(int length)
    {
        if (_buffer.Length - _length >= length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length + length);
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
