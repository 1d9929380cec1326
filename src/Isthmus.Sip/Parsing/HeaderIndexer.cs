// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

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
        if (!TryFindLineEnd(bytes, 0, out int end))
        {
            memory.StartLineEnd = end < bytes.Length ? end : 0;
            return BareLineEnd;
        }

        memory.StartLineEnd = end + 2;
        for (int at = end + 2; at < bytes.Length; at = end + 2)
        {
            // A line that begins with CR is the empty one, or holds a bare CR: no name to look for.
            HeaderName name = HeaderNames.Recognise(bytes, at, out int colon);
            bool isLine = TryFindLineEnd(bytes, colon, out end);
            if (end == at && isLine)
            {
                memory.BodyStart = end + 2;
                return fault;
            }

            while (isLine && end + 2 < bytes.Length && bytes[end + 2] is (byte)' ' or (byte)'\t')
            {
                isLine = TryFindLineEnd(bytes, end + 2, out end); // RFC 3261 §7.3.1: a fold
            }

            if (!isLine)
            {
                return fault ?? (end < bytes.Length ? BareLineEnd : bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
            }

            if (end + 2 > limits.MaxHeaderBytes)
            {
                return TooLarge;
            }

            if (memory.Count == limits.MaxHeaders)
            {
                return TooManyFields;
            }

            if (fault is null && (name != HeaderName.Other || TryReadName(bytes[at..end], at, out name, out colon)))
            {
                int valueStart = Scan.OverWhite(bytes[..end], colon + 1);
                memory.Add(name, at, valueStart, Scan.BeforeWhite(bytes[..end], valueStart), end + 2);
            }
            else
            {
                fault ??= BadField;
            }
        }

        return fault ?? (bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
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

    /// <summary>Where the line ends, at its CRLF. False where there is none: the end is then that of the text, or a CR or LF that stands alone.</summary>
    private static bool TryFindLineEnd(ReadOnlySpan<byte> bytes, int at, out int end)
    {
        end = at;
        for (; end + Vector128<byte>.Count <= bytes.Length; end += Vector128<byte>.Count)
        {
            Vector128<byte> octets = Vector128.Create(bytes.Slice(end, Vector128<byte>.Count));
            uint ends = (Vector128.Equals(octets, Vector128.Create((byte)'\r')) | Vector128.Equals(octets, Vector128.Create((byte)'\n'))).ExtractMostSignificantBits();
            if (ends != 0)
            {
                end += BitOperations.TrailingZeroCount(ends);
                break;
            }
        }

        while (end < bytes.Length && bytes[end] is not ((byte)'\r' or (byte)'\n'))
        {
            end++;
        }

        return end + 1 < bytes.Length && bytes[end] == '\r' && bytes[end + 1] == '\n';
    }
}
