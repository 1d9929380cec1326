// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Writes a called phone's response: the fields that RFC 3261 §8.2.6 copies from the request, then its own.</summary>
internal static class AnswerWriter
{
    /// <param name="target">Where to.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="statusLine">With its line end.</param>
    /// <param name="toTag">Appended to To where it has none; the call's own, 16 digits.</param>
    /// <param name="withRoutes">Whether it makes a dialog, and so repeats the Record-Route.</param>
    /// <param name="rest">Further fields, the empty line, and the body.</param>
    /// <returns>The length.</returns>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> request, ReadOnlySpan<byte> statusLine, ReadOnlySpan<byte> toTag, bool withRoutes, ReadOnlySpan<byte> rest)
    {
        int written = 0;
        Put(target, ref written, statusLine);
        var lines = new HeaderLines(request);
        while (lines.MoveNext())
        {
            switch ((char)(lines.Line[0] | 0x20))
            {
                case 'v' when lines.Is("via:"u8):
                case 'f' when lines.Is("from:"u8):
                case 'c' when lines.Is("call-id:"u8) || lines.Is("cseq:"u8):
                case 'r' when withRoutes && lines.Is("record-route:"u8):
                    Put(target, ref written, lines.Line);
                    break;
                case 't' when lines.Is("to:"u8):
                    bool isTagged = lines.Line.IndexOf(";tag="u8) >= 0;
                    Put(target, ref written, isTagged ? lines.Line : lines.Line.TrimEnd("\r\n"u8));
                    if (!isTagged)
                    {
                        Put(target, ref written, ";tag="u8);
                        Put(target, ref written, toTag);
                        Put(target, ref written, "\r\n"u8);
                    }

                    break;
                default:
                    break;
            }
        }

        Put(target, ref written, rest);
        return written;
    }

    private static void Put(Span<byte> target, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target[at..]);
        at += text.Length;
    }
}
