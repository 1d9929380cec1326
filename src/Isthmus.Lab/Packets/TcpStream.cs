// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>One direction of a TCP connection: its segments in order, each octet once, cut into SIP messages.</summary>
internal sealed class TcpStream : IDisposable
{
    private const int MostEarly = 256;

    private readonly SortedDictionary<uint, Carried> _early = [];
    private readonly StreamFramer _framer = new();
    private uint? _next;

    /// <summary>Takes a segment and gives the messages that are whole now.</summary>
    public IReadOnlyList<byte[]> Push(in Carried segment)
    {
        if (segment.Opens)
        {
            _next = segment.Sequence + 1;
            _early.Clear();
            return [];
        }

        if (segment.Payload.IsEmpty)
        {
            return [];
        }

        _next ??= segment.Sequence; // the capture began after the connection
        if (_early.Count < MostEarly)
        {
            _early.TryAdd(segment.Sequence, segment);
        }

        var messages = new List<byte[]>();
        while (Take() is { IsEmpty: false } bytes)
        {
            _framer.Push(bytes.Span);
            for (FrameKind kind = _framer.Pull(out ReadOnlySpan<byte> frame); kind is not FrameKind.NeedMore; kind = _framer.Pull(out frame))
            {
                if (kind == FrameKind.Message)
                {
                    messages.Add(frame.ToArray());
                }
                else if (kind == FrameKind.Broken)
                {
                    break; // not SIP: nothing more comes out of this stream
                }
            }
        }

        return messages;
    }

    public void Dispose() => _framer.Dispose();

    // The octets that come next; those of a segment that was repeated are taken once. Sequence numbers wrap.
    private ReadOnlyMemory<byte> Take()
    {
        foreach ((uint sequence, Carried segment) in _early)
        {
            int known = (int)(_next!.Value - sequence);
            if (known < 0)
            {
                continue;
            }

            _early.Remove(sequence);
            if (known < segment.Payload.Length)
            {
                _next = sequence + (uint)segment.Payload.Length;
                return segment.Payload[known..];
            }

            return Take();
        }

        return default;
    }
}
