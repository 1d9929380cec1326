// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
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
        memory.BodyStart = memory.Length;
        int end = LineEnd(bytes, 0);
        if (end < 0)
        {
            memory.StartLineEnd = ~end < bytes.Length ? ~end : 0;
            return BareLineEnd;
        }

        memory.StartLineEnd = end + 2;
        for (int at = end + 2; at < bytes.Length; at = end + 2)
        {
            HeaderName name = HeaderNames.Recognise(bytes, at, out int colon);
            end = LineEnd(bytes, colon);
            if (name == HeaderName.Other)
            {
                if (end == at)
                {
                    memory.BodyStart = end + 2;
                    return null;
                }

                if (end > 0 && end + 2 <= limits.MaxHeaderBytes && bytes[at] is (byte)' ' or (byte)'\t' && memory.TryGoOn(end))
                {
                    continue; // RFC 3261 §7.3.1: a line that begins with white space goes on with the one before
                }

                HeaderName known = HeaderName.Other;
                int nameLength = end > 0 ? ReadName(bytes[at..end], out known) : 0;
                if (nameLength < 0)
                {
                    return SkipToBody(ref memory, bytes, at, limits);
                }

                (name, colon) = (known, at + nameLength);
            }

            if (end < 0 || end + 2 > limits.MaxHeaderBytes || memory.Count == limits.MaxHeaders)
            {
                return WhyNot(bytes, end, limits);
            }

            int valueStart = Scan.Is(bytes, colon + 1, ' ') ? colon + 2 : colon + 1;
            int valueEnd = end;
            if (bytes[valueStart] <= ' ' || bytes[end - 1] <= ' ')
            {
                valueStart = Scan.OverWhite(bytes[..end], valueStart);
                valueEnd = Scan.BeforeWhite(bytes[..end], valueStart);
            }

            memory.Add(name, at, valueStart, valueEnd, end + 2);
        }

        return WhyNot(bytes, ~bytes.Length, limits);
    }

    // Behind a field that is none nothing is indexed any more, but the body is still found.
    private static SipFault SkipToBody(ref MessageMemory memory, ReadOnlySpan<byte> bytes, int at, ParserLimits limits)
    {
        for (int end; at < bytes.Length; at = end + 2)
        {
            end = LineEnd(bytes, at);
            if (end == at)
            {
                memory.BodyStart = end + 2;
            }

            if (end == at || end < 0)
            {
                break;
            }

            if (end + 2 > limits.MaxHeaderBytes)
            {
                return TooLarge;
            }
        }

        return BadField;
    }

    // Why a line is no field: it has no end, or there are too many before it.
    private static SipFault WhyNot(ReadOnlySpan<byte> bytes, int end, ParserLimits limits) =>
        end < 0 && ~end < bytes.Length ? BareLineEnd
        : end < 0 && bytes.Length <= limits.MaxHeaderBytes ? NoEnd
        : end < 0 || end + 2 > limits.MaxHeaderBytes ? TooLarge
        : TooManyFields;

    // How long the name is, with the white space in front of its colon; negative where there is none.
    private static int ReadName(ReadOnlySpan<byte> line, out HeaderName name)
    {
        int length = line.IndexOf((byte)':');
        var text = length > 0 ? line[..length].TrimEnd(" \t"u8) : default;
        name = HeaderNames.Find(text);
        return name != HeaderName.Other || Characters.IsToken(text) ? length : -1;
    }

    /// <summary>Where the line ends, at its CRLF. Where there is none, the complement of the place of a CR or LF that stands alone, or of the text's end.</summary>
    private static int LineEnd(ReadOnlySpan<byte> bytes, int at)
    {
        for (; at <= bytes.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            Vector128<byte> octets = Vector128.Create(bytes.Slice(at, Vector128<byte>.Count));
            uint ends = (Vector128.Equals(octets, Vector128.Create((byte)'\r')) | Vector128.Equals(octets, Vector128.Create((byte)'\n'))).ExtractMostSignificantBits();
            if (ends != 0)
            {
                at += BitOperations.TrailingZeroCount(ends);
                return IsCrLf(bytes, at) ? at : ~at;
            }
        }

        while (at < bytes.Length && bytes[at] is not ((byte)'\r' or (byte)'\n'))
        {
            at++;
        }

        return IsCrLf(bytes, at) ? at : ~at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsCrLf(ReadOnlySpan<byte> bytes, int at) => Scan.Is(bytes, at + 1, '\n') && bytes[at] == '\r';
}
