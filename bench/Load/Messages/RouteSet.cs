// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The Route lines of a caller's later requests out of the Record-Route of the response: the same values, the last one first (RFC 3261 §12.1.2).</summary>
internal static class RouteSet
{
    /// <summary>The most bytes that Route lines may have.</summary>
    public const int Room = 1024;

    private const int MostRoutes = 8;

    /// <summary>Writes the lines.</summary>
    /// <returns>Their length; -1 when there are too many.</returns>
    public static int Write(ReadOnlySpan<byte> response, Span<byte> target)
    {
        Span<Range> values = stackalloc Range[MostRoutes];
        int count = 0;
        var lines = new HeaderLines(response);
        while (lines.MoveNext())
        {
            if (!lines.Is("record-route:"u8))
            {
                continue;
            }

            int start = response.Length;
            response.Overlaps(lines.Value, out start);
            foreach (Range value in lines.Value.Split((byte)','))
            {
                if (count == MostRoutes)
                {
                    return -1;
                }

                (int at, int length) = value.GetOffsetAndLength(lines.Value.Length);
                values[count++] = new Range(start + at, start + at + length);
            }
        }

        int written = 0;
        while (count-- > 0)
        {
            ReadOnlySpan<byte> value = response[values[count]].Trim((byte)' ');
            if (written + value.Length + 9 > target.Length)
            {
                return -1;
            }

            written += Put(target, written, "Route: "u8);
            written += Put(target, written, value);
            written += Put(target, written, "\r\n"u8);
        }

        return written;
    }

    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target[at..]);
        return text.Length;
    }
}
