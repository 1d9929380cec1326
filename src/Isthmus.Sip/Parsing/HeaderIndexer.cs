// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
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
        SipFault? fault = null;
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
            // A line that begins with CR is the empty one, or holds a bare CR: no name to look for.
            HeaderName name = HeaderNames.Recognise(bytes, at, out int colon);
            end = LineEnd(bytes, colon);
            if (end == at)
            {
                memory.BodyStart = end + 2;
                return fault;
            }

            while (end >= 0 && IsFolded(bytes, end + 2))
            {
                end = LineEnd(bytes, end + 2);
            }

            if (end < 0)
            {
                return fault ?? (~end < bytes.Length ? BareLineEnd : bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
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
                int valueStart = colon + 1, valueEnd = end;
                while (valueStart < end && Characters.IsWhite(bytes[valueStart]))
                {
                    valueStart++;
                }

                while (valueEnd > valueStart && Characters.IsWhite(bytes[valueEnd - 1]))
                {
                    valueEnd--;
                }

                memory.Add(name, at, valueStart, valueEnd, end + 2);
            }
            else
            {
                fault ??= BadField;
            }
        }

        return fault ?? (bytes.Length > limits.MaxHeaderBytes ? TooLarge : NoEnd);
    }

    // RFC 3261 §7.3.1: a line that begins with white space goes on with the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFolded(ReadOnlySpan<byte> bytes, int next) => next < bytes.Length && bytes[next] <= ' ' && bytes[next] is (byte)' ' or (byte)'\t';

    [MethodImpl(MethodImplOptions.NoInlining)] // rare: the loop is better without it
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

    /// <summary>Where the line ends, at its CRLF. Where there is none, the complement of the place of a CR or LF that stands alone, or of the text's end.</summary>
    private static int LineEnd(ReadOnlySpan<byte> bytes, int at)
    {
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
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
    private static bool IsCrLf(ReadOnlySpan<byte> bytes, int at) => at + 1 < bytes.Length && BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) == ('\r' << 8 | '\n');
}
