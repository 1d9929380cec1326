// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>Finds the parts between the boundaries and reads their heads.</summary>
internal sealed class MultipartReader(ReadOnlyMemory<byte> body, string boundary, BodyLimits limits)
{
    private readonly byte[] _boundary = Encoding.UTF8.GetBytes($"--{boundary}");

    public BodyFault? Read(out ImmutableArray<BodyPart> parts)
    {
        var found = ImmutableArray.CreateBuilder<BodyPart>();
        parts = [];
        int at = NextBoundary(0, out int after);
        while (at >= 0 && !IsLast(after))
        {
            int begin = EndOfLine(after);
            int end = NextBoundary(begin, out after);
            if (end < 0)
            {
                return new(0, "the last part does not end");
            }

            if (found.Count >= limits.MaxElements)
            {
                return new(0, "there are more parts than allowed");
            }

            if (ReadPart(body[begin..WithoutLineEnd(begin, end)], out var part) is { } fault)
            {
                return fault;
            }

            found.Add(part!);
            at = end;
        }

        parts = found.DrainToImmutable();
        return at < 0 ? new(0, "no part begins") : null;
    }

    // A boundary stands at the beginning of a line (RFC 2046 §5.1.1).
    private int NextBoundary(int from, out int after)
    {
        var span = body.Span;
        for (int at = from; at < span.Length;)
        {
            int found = span[at..].IndexOf(_boundary);
            if (found < 0)
            {
                break;
            }

            at += found;
            after = at + _boundary.Length;
            if ((at == 0 || span[at - 1] == '\n') && (after == span.Length || span[after] is (byte)'\r' or (byte)'\n' or (byte)'-' or (byte)' ' or (byte)'\t'))
            {
                return at;
            }

            at = after;
        }

        after = span.Length;
        return -1;
    }

    private bool IsLast(int after) => body.Span[after..].StartsWith("--"u8);

    private int EndOfLine(int from)
    {
        int end = body.Span[from..].IndexOf((byte)'\n');
        return end < 0 ? body.Length : from + end + 1;
    }

    // The line end before a boundary belongs to the boundary.
    private int WithoutLineEnd(int begin, int end)
    {
        var span = body.Span;
        end -= end > begin && span[end - 1] == '\n' ? 1 : 0;
        return end - (end > begin && span[end - 1] == '\r' ? 1 : 0);
    }

    private static BodyFault? ReadPart(ReadOnlyMemory<byte> octets, out BodyPart? part)
    {
        part = null;
        string type = "text/plain";
        string? id = null;
        int at = 0;
        while (at < octets.Length)
        {
            int end = octets.Span[at..].IndexOf((byte)'\n');
            string line = Encoding.UTF8.GetString(octets.Span[at..(end < 0 ? octets.Length : at + end)]).TrimEnd('\r');
            at = end < 0 ? octets.Length : at + end + 1;
            if (line.Length == 0)
            {
                break;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? "" : line[..colon].Trim();
            string value = line[(colon + 1)..].Trim();
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || name is "c")
            {
                type = value;
            }
            else if (name.Equals("Content-ID", StringComparison.OrdinalIgnoreCase))
            {
                id = MultipartBody.Bare(value);
            }
            else if (name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && value.ToUpperInvariant() is not ("BINARY" or "8BIT" or "7BIT"))
            {
                return new(0, "a part is encoded in a way that is not read");
            }
        }

        part = new(type, octets[at..]) { ContentId = id };
        return null;
    }
}
