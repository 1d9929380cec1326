// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The one pass over a message: finds the start line, every header field with its folds, and the body.</summary>
internal static class HeaderIndexer
{
    private static readonly SipFault NoEnd = new(400, "Missing empty line after header fields");
    private static readonly SipFault BareLineEnd = new(400, "Bare CR or LF in header fields");
    private static readonly SipFault BadField = new(400, "Malformed header field");
    private static readonly SipFault TooManyFields = new(400, "Too many header fields");
    private static readonly SipFault TooLarge = new(513, "Header fields too large");

    /// <summary>Fills the index; at a fault it holds what was found before it.</summary>
    public static SipFault? Index(ref MessageMemory memory, ParserLimits limits)
    {
        ReadOnlySpan<byte> bytes = memory.Span;
        SipFault? fault = null;
        memory.BodyStart = memory.Length;
        if (!TakeLine(bytes, 0, out int end, out int next))
        {
            memory.StartLineEnd = Math.Max(0, bytes.IndexOfAny((byte)'\r', (byte)'\n'));
            return BareLineEnd;
        }

        memory.StartLineEnd = next;
        for (int at = next; ; at = next)
        {
            if (at >= bytes.Length)
            {
                return fault ?? (bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
            }

            // A line that begins with CR is the empty one, or holds a bare CR: no name to look for.
            HeaderName name = HeaderNames.Recognise(bytes, at, out int colon);
            if (!TakeLine(bytes, colon, out end, out next))
            {
                return fault ?? (end >= 0 ? BareLineEnd : bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
            }

            if (end == at)
            {
                memory.BodyStart = next;
                return fault;
            }

            while (next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\t')
            {
                if (!TakeLine(bytes, next, out end, out next))
                {
                    return fault ?? (end >= 0 ? BareLineEnd : bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
                }
            }

            if (next > limits.MaxHeaderBytes)
            {
                return TooLarge;
            }

            if (memory.Count == limits.MaxHeaders)
            {
                return TooManyFields;
            }

            if (fault is null && (name != HeaderName.Other || TryReadName(bytes[at..end], at, out name, out colon)))
            {
                memory.Add(name, at, ValueStart(bytes, colon + 1, end), end, next);
            }
            else
            {
                fault ??= BadField;
            }
        }
    }

    private static bool TryReadName(ReadOnlySpan<byte> line, int at, out HeaderName name, out int colon)
    {
        int length = line.IndexOf((byte)':');
        colon = at + length;
        if (length <= 0)
        {
            name = HeaderName.Other;
            return false;
        }

        var text = line[..length].TrimEnd(" \t"u8);
        name = HeaderNames.Find(text);
        return name != HeaderName.Other || Characters.IsToken(text);
    }

    private static int ValueStart(ReadOnlySpan<byte> bytes, int at, int end)
    {
        while (at < end && Characters.IsWhite(bytes[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>A line ends with CRLF and holds no other CR or LF. <paramref name="end"/> is negative where there is no line end at all.</summary>
    private static bool TakeLine(ReadOnlySpan<byte> bytes, int at, out int end, out int next)
    {
        int length = bytes[at..].IndexOfAny((byte)'\r', (byte)'\n');
        end = length < 0 ? -1 : at + length;
        next = end + 2;
        return length >= 0 && bytes[end] == '\r' && end + 1 < bytes.Length && bytes[end + 1] == '\n';
    }
}
