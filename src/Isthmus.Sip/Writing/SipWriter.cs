// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Sip;

/// <summary>Writes a message into a buffer, which grows. What comes from outside as text cannot smuggle in a line: CR, LF and NUL become spaces.</summary>
internal ref struct SipWriter(byte[] buffer, int length = 0)
{
    /// <summary>The buffer: the one that was given, or a larger one.</summary>
    public byte[] Buffer { get; private set; } = buffer;

    /// <summary>How many octets were written.</summary>
    public int Length { get; private set; } = length;

    public readonly ReadOnlySpan<byte> Written => Buffer.AsSpan(0, Length);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Text(string text)
    {
        int written = Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));
        OneLine(Buffer.AsSpan(Length, written));
        Length += written;
    }

    public void Field(HeaderName name, ReadOnlySpan<byte> value)
    {
        var start = HeaderNames.FieldStart(name);
        int valueEnd = start.Length + value.Length;
        var target = Reserve(valueEnd + 2)[..(valueEnd + 2)];
        start.CopyTo(target);
        value.CopyTo(target[start.Length..]);
        OneLine(target[start.Length..valueEnd]);
        target[valueEnd] = (byte)'\r';
        target[valueEnd + 1] = (byte)'\n';
        Length += target.Length;
    }

    public void Field(HeaderName name, uint number)
    {
        var start = HeaderNames.FieldStart(name);
        var target = Reserve(start.Length + Numbers.MostDigits + 2);
        start.CopyTo(target);
        int end = start.Length + Numbers.Write(number, target[start.Length..]);
        target[end] = (byte)'\r';
        target[end + 1] = (byte)'\n';
        Length += end + 2;
    }

    /// <summary>A value that may have come from outside: it cannot end its line.</summary>
    public void Value(ReadOnlySpan<byte> bytes)
    {
        Raw(bytes);
        OneLine(Buffer.AsSpan(Length - bytes.Length, bytes.Length));
    }

    public void Number(int value) => Length += Numbers.Write((uint)value, Reserve(Numbers.MostDigits));

    public void Field(HeaderName name, string value)
    {
        Raw(HeaderNames.FieldStart(name));
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // nearly always there is room
    private Span<byte> Reserve(int length)
    {
        if (Buffer.Length - Length < length)
        {
            Grow(length);
        }

        return Buffer.AsSpan(Length);
    }

    private void Grow(int length)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(Buffer.Length * 2, Length + length));
        Written.CopyTo(larger);
        Buffer = larger;
    }

    private static void OneLine(Span<byte> target)
    {
        if (target.ContainsAnyInRange((byte)0, (byte)'\r')) // these three, and others that hardly ever stand there
        {
            target.Replace((byte)'\r', (byte)' ');
            target.Replace((byte)'\n', (byte)' ');
            target.Replace((byte)0, (byte)' ');
        }
    }
}
