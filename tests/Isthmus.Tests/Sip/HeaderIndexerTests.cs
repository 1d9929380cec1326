// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>The one pass over a message, held against one that goes octet by octet.</summary>
public sealed partial class HeaderIndexerTests
{
    private static readonly Gen<string> Lines = SipGen.OneOf("Via: SIP/2.0/UDP h\r\n", "v:a, b\r\n", "MAX-forwards:70\r\n", "Record-Route: <sip:a;lr>\r\n", "Session-Expires: 90\r\n", "X: y\r\n", "X-Odd \t: kept\r\n",
        "Subject:\r\n", "Subject: \t \r\n", "To:  two  \t\r\n", " folded\r\n", "\tfolded: on \r\n", " \r\n", "\r\n", "\n", "\r", "no field\r\n", ": nameless\r\n", "a b: c\r\n", "x:y\rz\r\n", "x:y\nz\r\n",
        "cut", "cut:", "A-name-that-is-longer-than-sixteen: octets\r\n", "\u00e4: b\r\n").Array[0, 9].Select(lines => string.Concat(lines));

    [Fact]
    public void Index_AnyLines_FindsWhatOneByOneFinds() => Gen.Select(Lines, Gen.Int[0, 3]).Sample((lines, which) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes("OPTIONS sip:a SIP/2.0\r\n" + lines + (which == 0 ? "" : "\r\nbody"));
        ParserLimits limits = which switch { 2 => new() { MaxHeaders = 3 }, 3 => new() { MaxHeaderBytes = 80 }, _ => ParserLimits.Default };
        var memory = new MessageMemory { Bytes = bytes, Length = bytes.Length };
        SipFault? fault = HeaderIndexer.Index(ref memory, limits);
        var (fields, bodyStart, reason) = OneByOne(bytes, limits);
        Assert.Equal(reason, fault?.Reason);
        if (reason is null)
        {
            Assert.Equal(fields, memory.Index.ToArray());
            Assert.Equal(bodyStart, memory.BodyStart);
            return;
        }

        // The line that broke off may be the fold of a field that was good so far.
        Assert.InRange(memory.Count, fields.Count, fields.Count + 1);
        Assert.Equal(fields, memory.Index[..fields.Count].ToArray());
    }, iter: 50_000);

    private static (List<HeaderSlot> Fields, int BodyStart, string? Reason) OneByOne(byte[] bytes, ParserLimits limits)
    {
        var fields = new List<HeaderSlot>();
        string text = Encoding.Latin1.GetString(bytes);
        string? reason = null;
        for (int at = text.IndexOf('\n', StringComparison.Ordinal) + 1, end; at < text.Length; at = end + 2)
        {
            end = text.IndexOfAny(['\r', '\n'], at);
            if (end == at && IsCrLf(text, end))
            {
                return (fields, end + 2, reason);
            }

            while (IsCrLf(text, end) && end + 2 < text.Length && text[end + 2] is ' ' or '\t')
            {
                end = text.IndexOfAny(['\r', '\n'], end + 2);
            }

            if (!IsCrLf(text, end))
            {
                return (fields, bytes.Length, reason ?? (end >= 0 ? "Bare CR or LF in header fields" : NoEnd(bytes, limits)));
            }

            if (end + 2 > limits.MaxHeaderBytes)
            {
                return (fields, bytes.Length, "Header fields too large");
            }

            Match field = Field().Match(text, at, end - at);
            if (field.Success && reason is null && fields.Count == limits.MaxHeaders)
            {
                return (fields, bytes.Length, "Too many header fields");
            }

            if (!field.Success || reason is not null)
            {
                reason ??= "Malformed header field";
                continue;
            }

            Group value = field.Groups["value"];
            fields.Add(new(HeaderNames.Find(bytes.AsSpan(at, field.Groups["name"].Length)), at, value.Index, value.Index + value.Length, end + 2));
        }

        return (fields, bytes.Length, reason ?? NoEnd(bytes, limits));
    }

    private static string NoEnd(byte[] bytes, ParserLimits limits) => bytes.Length > limits.MaxHeaderBytes ? "Header fields too large" : "Missing empty line after header fields";

    private static bool IsCrLf(string text, int at) => at >= 0 && string.CompareOrdinal(text, at, "\r\n", 0, 2) == 0;

    [GeneratedRegex(@"\G(?<name>[A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:[ \t\r\n]*(?<value>.*?)[ \t\r\n]*\z", RegexOptions.Singleline)]
    private static partial Regex Field();
}
