// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Isthmus.Sip;

/// <summary>Writes a message into a rented buffer. What comes from outside as text cannot smuggle in a line: CR, LF and NUL become spaces.</summary>
internal ref struct SipWriter
{
    private byte[] _buffer;
    private int _length;

    public SipWriter(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public void Text(string text)
    {
        int written = Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));
        OneLine(_buffer.AsSpan(_length, written));
        _length += written;
    }

    public void Field(HeaderName name, ReadOnlySpan<byte> value)
    {
        Raw(HeaderNames.Utf8(name));
        Raw(": "u8);
        Value(value);
        Raw("\r\n"u8);
    }

    /// <summary>A value that may have come from outside: it cannot end its line.</summary>
    public void Value(ReadOnlySpan<byte> bytes)
    {
        Raw(bytes);
        OneLine(_buffer.AsSpan(_length - bytes.Length, bytes.Length));
    }

    public void Number(long value)
    {
        var target = Reserve(20);
        _ = value.TryFormat(target, out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Field(HeaderName name, string value)
    {
        Raw(HeaderNames.Utf8(name));
        Raw(": "u8);
        Text(value);
        Raw("\r\n"u8);
    }

    public void Field(string name, string value)
    {
        Text(name);
        Raw(": "u8);
        Text(value);
        Raw("\r\n"u8);
    }

    public void End(ReadOnlySpan<byte> body)
    {
        Raw("Content-Length: "u8);
        Number(body.Length);
        Raw("\r\n\r\n"u8);
        Raw(body);
    }

    public readonly void Return() => ArrayPool<byte>.Shared.Return(_buffer);

    private static void OneLine(Span<byte> target)
    {
        if (target.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0)
        {
            target.Replace((byte)'\r', (byte)' ');
            target.Replace((byte)'\n', (byte)' ');
            target.Replace((byte)0, (byte)' ');
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
