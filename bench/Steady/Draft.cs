// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;

namespace Isthmus.Steady;

/// <summary>A message being written into one buffer that is used again and again: what a phone says, without a phone's cost.</summary>
internal sealed class Draft
{
    private readonly byte[] _bytes = new byte[4096];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public Draft Clear()
    {
        _length = 0;
        return this;
    }

    public Draft Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        return this;
    }

    /// <summary>Adds a number in eight digits.</summary>
    public Draft Add(int number)
    {
        Utf8Formatter.TryFormat((uint)number, _bytes.AsSpan(_length), out int written, new('D', 8));
        _length += written;
        return this;
    }

    /// <summary>Adds a template whose every <c>#</c> is replaced by the number.</summary>
    public Draft Fill(ReadOnlySpan<byte> template, int number)
    {
        for (int at = template.IndexOf((byte)'#'); at >= 0; at = template.IndexOf((byte)'#'))
        {
            Add(template[..at]).Add(number);
            template = template[(at + 1)..];
        }

        return Add(template);
    }

    /// <summary>Begins the answer to a request: Via, Record-Route, From, To, Call-ID and CSeq are copied, To gets a tag when it has none.</summary>
    public Draft Answer(ReadOnlySpan<byte> statusLine, ReadOnlySpan<byte> request)
    {
        Clear().Add(statusLine);
        foreach (ReadOnlySpan<byte> line in new Lines(request))
        {
            if (line.StartsWith("Via:"u8) || line.StartsWith("Record-Route:"u8) || line.StartsWith("From:"u8) || line.StartsWith("Call-ID:"u8) || line.StartsWith("CSeq:"u8))
            {
                Add(line);
            }
            else if (line.StartsWith("To:"u8))
            {
                bool hasTag = line.IndexOf(";tag="u8) >= 0;
                Add(hasTag ? line : line[..^2]).Add(hasTag ? default : ";tag=callee\r\n"u8);
            }
        }

        return this;
    }

    /// <summary>Adds a Route for every Record-Route of an answer, the last one first, as a caller does (RFC 3261 §12.1.2).</summary>
    public Draft RoutesOf(ReadOnlySpan<byte> answer)
    {
        Span<Range> found = stackalloc Range[8];
        int count = 0;
        int at = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(answer))
        {
            if (line.StartsWith("Record-Route:"u8))
            {
                found[count++] = (at + "Record-".Length)..(at + line.Length);
            }

            at += line.Length;
        }

        while (count > 0)
        {
            Add(answer[found[--count]]);
        }

        return this;
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>The lines of a message's head with their line ends.</summary>
    public ref struct Lines(ReadOnlySpan<byte> message)
    {
        private ReadOnlySpan<byte> _rest = message;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly Lines GetEnumerator() => this;

        public bool MoveNext()
        {
            int length = _rest.IndexOf("\r\n"u8) + 2;
            if (length <= 2)
            {
                return false;
            }

            Current = _rest[..length];
            _rest = _rest[length..];
            return true;
        }
    }
}
