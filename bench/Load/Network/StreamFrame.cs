// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Isthmus.Load;

/// <summary>Where the first message of a stream ends (RFC 3261 §18.3).</summary>
internal static class StreamFrame
{
    /// <summary>The length of the whole message that <paramref name="stream"/> begins with, or 0 when it is not all there.</summary>
    public static int LengthOf(ReadOnlySpan<byte> stream)
    {
        int headEnd = stream.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return 0;
        }

        headEnd += 4;
        int body = 0;
        var lines = new HeaderLines(stream[..headEnd]);
        while (lines.MoveNext())
        {
            if (lines.Is("content-length:"u8) && Utf8Parser.TryParse(lines.Value, out body, out _))
            {
                break;
            }
        }

        return stream.Length - headEnd >= body ? headEnd + body : 0;
    }

    /// <summary>How many bytes of line ends, the pings of RFC 5626 §4.4.1, stand before the first message.</summary>
    public static int PingsOf(ReadOnlySpan<byte> stream) => stream.Length - stream.TrimStart("\r\n"u8).Length;
}
