// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.DualStack;

/// <summary>Finds the session description in a body: the body itself, or the first such part of a multipart one (RFC 2046 §5.1, RFC 5621 §3).</summary>
internal static class SessionBody
{
    private const int MaxParts = 32;
    private const int MaxDepth = 3;

    public static bool TryFind(string? contentType, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> sdp) => TryFind(contentType, body, MaxDepth, out sdp);

    private static bool TryFind(string? contentType, ReadOnlySpan<byte> body, int depth, out ReadOnlySpan<byte> sdp)
    {
        sdp = body;
        var mediaType = MediaType(contentType);
        if (mediaType.Equals("application/sdp", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (depth == 0 || !mediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) || Boundary(contentType!) is not { } boundary)
        {
            return false;
        }

        var rest = body;
        for (var parts = 0; parts <= MaxParts && TakeUntil(rest, boundary, out var part, out rest, out var last); parts++)
        {
            // What stands before the first delimiter is the preamble.
            if (parts > 0 && TryFindInPart(part, depth, out sdp))
            {
                return true;
            }

            if (last)
            {
                break;
            }
        }

        return false;
    }

    private static bool TryFindInPart(ReadOnlySpan<byte> whole, int depth, out ReadOnlySpan<byte> sdp)
    {
        string? contentType = null;
        var part = whole;
        while (true)
        {
            var end = part.IndexOf((byte)'\n');
            if (end < 0)
            {
                sdp = default;
                return false;
            }

            var line = part[..end].TrimEnd((byte)'\r');
            part = part[(end + 1)..];
            if (line.IsEmpty)
            {
                return TryFind(contentType, part, depth - 1, out sdp);
            }

            var colon = line.IndexOf((byte)':');
            var name = colon < 0 ? default : line[..colon].Trim((byte)' ');
            if (System.Text.Ascii.EqualsIgnoreCase(name, "Content-Type") || System.Text.Ascii.EqualsIgnoreCase(name, "c"))
            {
                contentType = System.Text.Encoding.Latin1.GetString(line[(colon + 1)..]).Trim();
            }
        }
    }

    // A delimiter is two hyphens and the boundary at the start of a line; two more hyphens end the last part. The line end before it belongs to it.
    private static bool TakeUntil(ReadOnlySpan<byte> text, ReadOnlySpan<byte> boundary, out ReadOnlySpan<byte> part, out ReadOnlySpan<byte> rest, out bool last)
    {
        part = default;
        rest = default;
        last = false;
        var from = 0;
        while (text[from..].IndexOf(boundary) is var found && found >= 0)
        {
            var at = from + found;
            var after = at + boundary.Length;
            from = after;
            if (at > 0 && text[at - 1] != '\n')
            {
                continue; // before any look at the rest: a line of delimiters would cost the square of its length
            }

            var tail = text[after..];
            last = tail.StartsWith("--"u8);
            var lineEnd = tail.IndexOf((byte)'\n');
            var padding = lineEnd < 0 ? tail : tail[..lineEnd];
            if (last || padding.TrimEnd(" \t\r"u8).IsEmpty)
            {
                part = text[..at];
                part = part.EndsWith("\r\n"u8) ? part[..^2] : part.EndsWith("\n"u8) ? part[..^1] : part;
                rest = lineEnd < 0 ? [] : tail[(lineEnd + 1)..];
                return true;
            }
        }

        return false;
    }

    private static string MediaType(string? contentType) => contentType?.Split(';', 2)[0].Replace(" ", "", StringComparison.Ordinal).Trim() ?? "";

    private static byte[]? Boundary(string contentType)
    {
        var at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var value = contentType.AsSpan(at + "boundary=".Length);
        if (value.StartsWith('"'))
        {
            value = value[1..];
            var close = value.IndexOf('"');
            value = close < 0 ? [] : value[..close];
        }
        else
        {
            var end = value.IndexOfAny(';', ' ', '\t');
            value = end < 0 ? value : value[..end];
        }

        // RFC 2046 §5.1.1: 1 to 70 characters.
        return value.Length is > 0 and <= 70 ? System.Text.Encoding.Latin1.GetBytes($"--{value}") : null;
    }
}
