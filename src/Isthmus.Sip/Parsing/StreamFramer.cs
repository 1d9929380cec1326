// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Isthmus.Sip;

/// <summary>
/// Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3) and finds keep-alives (RFC 5626 §3.5.1). Push bytes, then pull frames until
/// <see cref="FrameKind.NeedMore"/>; or pull them out of the bytes themselves. Holds at most one message within the limits and what was pushed
/// behind it, and no memory between messages when they are pulled in place. Not for several threads.
/// </summary>
public sealed class StreamFramer(ParserLimits? limits = null) : IDisposable
{
    private readonly ParserLimits _limits = limits ?? ParserLimits.Default;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _searched;
    private int _frame;
    private bool _broken;
    private bool _halfPing;

    /// <summary>Octets pushed and not yet pulled.</summary>
    public int Pending => _end - _start;

    /// <summary>Whether a message has begun and is not whole yet.</summary>
    public bool IsInsideMessage => Pending > 0 && !_broken;

    /// <summary>Adds bytes.</summary>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next frame. The bytes are valid until the next push; for <see cref="FrameKind.Broken"/> they are what can be answered.</summary>
    public FrameKind Pull(out ReadOnlySpan<byte> frame)
    {
        var kind = Cut(_buffer.AsSpan(_start, Pending), out frame, out int taken);
        _start += taken;
        return kind;
    }

    /// <summary>
    /// Takes the next frame of what is held and of the bytes behind it. What is whole in them is not copied; what is left of a message that is
    /// not whole is held for the next time.
    /// </summary>
    /// <param name="bytes">What has come; moved on behind the frame, and empty after <see cref="FrameKind.NeedMore"/>.</param>
    /// <param name="frame">Valid until the next call, and no longer than the bytes.</param>
    public FrameKind Pull(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frame)
    {
        if (Pending > 0)
        {
            Push(bytes);
            bytes = [];
            return Pull(out frame);
        }

        Dispose(); // the frame before, if it lay in the buffer, has been seen to
        var kind = Cut(bytes, out frame, out int taken);
        if (kind == FrameKind.NeedMore && !_broken)
        {
            Push(bytes[taken..]);
        }

        bytes = kind == FrameKind.NeedMore ? [] : bytes[taken..];
        return kind;
    }

    /// <summary>Gives the buffer back, with what is in it.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
        }
    }

    private FrameKind Cut(ReadOnlySpan<byte> held, out ReadOnlySpan<byte> frame, out int taken)
    {
        frame = default;
        taken = 0;
        if (_broken || held.IsEmpty)
        {
            return FrameKind.NeedMore;
        }

        if (held[0] is (byte)'\r' or (byte)'\n')
        {
            return KeepAlive(held, out taken);
        }

        if (_frame == 0)
        {
            int from = Math.Max(0, _searched - 3);
            int found = held[from..].IndexOf("\r\n\r\n"u8);
            if (found < 0)
            {
                _searched = held.Length;
                return held.Length > _limits.MaxHeaderBytes ? Break(held, out frame) : FrameKind.NeedMore;
            }

            int header = from + found + 4;
            if (header > _limits.MaxHeaderBytes || !TryContentLength(held[..header], out int body) || body > _limits.MaxBodyBytes)
            {
                return Break(held, out frame);
            }

            _frame = header + body;
        }

        if (held.Length < _frame)
        {
            return FrameKind.NeedMore;
        }

        taken = _frame;
        frame = held[..taken];
        _searched = _frame = 0;
        _halfPing = false;
        return FrameKind.Message;
    }

    // A ping cut in two by the network looks like a pong and then another: the second one is answered.
    private FrameKind KeepAlive(ReadOnlySpan<byte> held, out int taken)
    {
        taken = 0;
        if (held.Length < 2)
        {
            return FrameKind.NeedMore;
        }

        bool whole = held.StartsWith("\r\n\r\n"u8);
        bool second = _halfPing;
        _halfPing = !whole && !second && held.StartsWith("\r\n"u8);
        taken = whole ? 4 : held.StartsWith("\r\n"u8) ? 2 : 1;
        _searched = _frame = 0;
        return whole || second ? FrameKind.Ping : FrameKind.Pong;
    }

    private FrameKind Break(ReadOnlySpan<byte> held, out ReadOnlySpan<byte> frame)
    {
        frame = held;
        _broken = true;
        return FrameKind.Broken;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length - _end >= length)
        {
            return;
        }

        int pending = Pending;
        byte[] target = _buffer.Length >= pending + length ? _buffer : ArrayPool<byte>.Shared.Rent(Math.Max(pending + length, 4096));
        _buffer.AsSpan(_start, pending).CopyTo(target);
        if (target != _buffer && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _start, _end) = (target, 0, pending);
    }

    // Only the framing is read here; what is wrong with the message the parser says.
    private static bool TryContentLength(ReadOnlySpan<byte> header, out int length)
    {
        length = -1;
        while (!header.IsEmpty)
        {
            int end = header.IndexOf("\r\n"u8);
            while (end + 2 < header.Length && header[end + 2] is (byte)' ' or (byte)'\t')
            {
                end += 2 + header[(end + 2)..].IndexOf("\r\n"u8);
            }

            var field = header[..end];
            header = header[(end + 2)..];
            int colon = field.IndexOf((byte)':');
            if (colon <= 0 || HeaderNames.Find(field[..colon].TrimEnd(" \t"u8)) != HeaderName.ContentLength)
            {
                continue;
            }

            if (!Numbers.TryParse(Characters.Trim(field[(colon + 1)..]), int.MaxValue, out uint value) || (length >= 0 && length != value))
            {
                return false;
            }

            length = (int)value;
        }

        return length >= 0;
    }
}
