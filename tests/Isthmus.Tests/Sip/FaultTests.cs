// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Our own torture: one message for every class of fault, made from a good one by one change.</summary>
public sealed class FaultTests
{
    private const string Good = "INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP h.example;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@a.example>;tag=1\r\n"
        + "To: <sip:bob@b.example>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\nContent-Length: 4\r\n\r\nbody";

    [Fact]
    public void Parse_Good_IsOk() => Assert.Equal(ParseOutcome.Ok, Read(Good).Outcome);

    [Theory]
    [InlineData("INVITE sip:bob@b.example SIP/2.0", "INVITE  sip:bob@b.example SIP/2.0", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example SIP/2.0", "INVITE sip:bob@b.example SIP/2.0 ", 400, "Malformed Request-Line")]
    [InlineData("INVITE sip:bob@b.example SIP/2.0", "INVITE sip:bob@b.example SIP/3.0", 505, "Version Not Supported")]
    [InlineData("INVITE sip:bob@b.example", "INVITE <sip:bob@b.example>", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example", "INVITE sip:bob@2001:db8::1", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example", "INVITE sip:bob@[2001:db8::1", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example", "INVITE sip:bob@b.example:70000", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example", "INVITE sip:b%4@b.example", 400, "Malformed Request-URI")]
    [InlineData("INVITE sip:bob@b.example", "INVITE sip:bob@b.example?Route=%3Csip:x%3E", 400, "Request-URI with header fields")]
    [InlineData("Via: SIP/2.0/UDP h.example;branch=z9hG4bK1\r\n", "", 400, "Missing Via")]
    [InlineData("UDP h.example", "UDP ", 400, "Malformed Via")]
    [InlineData("UDP h.example", "UDP h.example:port", 400, "Malformed Via")]
    [InlineData(";branch=z9hG4bK1", ";;branch=z9hG4bK1", 400, "Malformed Via")]
    [InlineData("From: <sip:a@a.example>;tag=1\r\n", "", 400, "Missing From")]
    [InlineData("From: <sip:a@a.example>", "From: \"open <sip:a@a.example>", 400, "Malformed From")]
    [InlineData("From: <sip:a@a.example>", "From: A, B <sip:a@a.example>", 400, "Malformed From")]
    [InlineData("To: <sip:bob@b.example>", "To: < sip:bob@b.example >", 400, "Malformed To")]
    [InlineData("To: <sip:bob@b.example>", "To: <sip:bob@b.example", 400, "Malformed To")]
    [InlineData("To: <sip:bob@b.example>", "To: <sip:bob@b.example>;tag", 400, "Malformed To")]
    [InlineData("From: <sip:a@a.example>;tag=1", "From: <sip:a@a.example>;Tag;tag=1", 400, "Malformed From")]
    [InlineData(";branch=z9hG4bK1", ";branch", 400, "Malformed Via")]
    [InlineData("Call-ID: c1", "Call-ID: c 1", 400, "Malformed Call-ID")]
    [InlineData("Call-ID: c1", "Call-ID: c1\r\ni: c2", 400, "More than one Call-ID")]
    [InlineData("Call-ID: c1\r\n", "", 400, "Missing Call-ID")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 4294967296 INVITE", 400, "Malformed CSeq")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE", 400, "CSeq method does not match")]
    [InlineData("CSeq: 1 INVITE", "CSeq: INVITE", 400, "Malformed CSeq")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", 400, "Malformed Max-Forwards")]
    [InlineData("Content-Length: 4", "Content-Length: 5", 400, "Content-Length larger than the body")]
    [InlineData("Content-Length: 4", "Content-Length: +4", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 4", "Content-Length: 4\r\nl: 3", 400, "Contradictory Content-Length")]
    [InlineData("Max-Forwards: 70", "Max-Forwards 70", 400, "Malformed header field")]
    [InlineData("Max-Forwards: 70", "Max Forwards: 70", 400, "Malformed header field")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\n", 400, "Bare CR or LF in header fields")]
    [InlineData("Max-Forwards: 70\r\n", "Subject: a\rRoute: <sip:x>\r\n", 400, "Bare CR or LF in header fields")]
    [InlineData("\r\n\r\nbody", "\r\n", 400, "Missing empty line after header fields")]
    public void Parse_OneFault_SaysWhich(string good, string bad, int status, string reason)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        ParseResult result = Read(Good.Replace(good, bad, StringComparison.Ordinal));
        Assert.Equal(ParseOutcome.Malformed, result.Outcome);
        Assert.Equal(new SipFault(status, reason), result.Fault);
        SipResponse answer = ((SipRequest)result.Message!).Answer(status, reason, "t").Build();
        Assert.StartsWith($"SIP/2.0 {status} {reason}\r\n", answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("INVITE")]
    [InlineData("SIP/2.0 99 Low\r\n\r\n")]
    [InlineData("SIP/2.0 700 High\r\n\r\n")]
    [InlineData("SIP/2.0 4294967301 Big\r\n\r\n")]
    [InlineData("SIP/2.0 200 OK\r\n\r\n")]
    public void Parse_NoMessage_IsUnreadable(string text)
    {
        ParseResult result = Read(text);
        Assert.Equal(ParseOutcome.Unreadable, result.Outcome);
        Assert.Null(result.Message);
        Assert.NotNull(result.Fault);
    }

    [Fact]
    public void Parse_BeyondALimit_SaysWhich()
    {
        string many = Good.Replace("Max-Forwards: 70\r\n", string.Concat(Enumerable.Repeat("X: y\r\n", 300)), StringComparison.Ordinal);
        Assert.Equal("Too many header fields", Read(many).Fault!.Reason);
        string large = Good.Replace("Max-Forwards: 70", "X: " + new string('y', 40_000), StringComparison.Ordinal);
        Assert.Equal(new SipFault(513, "Header fields too large"), Read(large).Fault);
        Assert.Equal(new SipFault(513, "Header fields too large"), Read(large[..39_000]).Fault);
        ParseResult body = SipParser.Parse(Encoding.UTF8.GetBytes(Good), new ParserLimits { MaxBodyBytes = 3 });
        Assert.Equal(new SipFault(413, "Body too large"), body.Fault);
        Assert.Equal(ParseOutcome.Malformed, Read(Good.Replace("Content-Length: 4", "X: " + new string('z', 400_000), StringComparison.Ordinal)).Outcome);
    }

    [Fact]
    public void Answer_ToFieldsThatStandManyTimes_RepeatsEachOnce()
    {
        string many = Good.Replace("Content-Length: 4", string.Concat(Enumerable.Repeat("t:x\r\nf:x\r\ni:x\r\n", 80)) + "l: 4", StringComparison.Ordinal);
        ParseResult result = Read(many);
        SipResponse answer = ((SipRequest)result.Message!).Answer(400, result.Fault!.Reason, "a-tag").Build();
        Assert.InRange(answer.Bytes.Length, 1, 300);
        Assert.Equal(1, answer.ToString().Split("a-tag").Length - 1);
    }

    [Theory]
    [InlineData("sip:bob@b.example", "sip:bob@b.example{0}", "Malformed Request-URI")]
    [InlineData(";branch=z9hG4bK1", ";branch=z9hG4bK1{0}", "Malformed Via")]
    [InlineData("<sip:a@a.example>;tag=1", "<sip:a@a.example>;tag=1{0}", "Malformed From")]
    public void Parse_MoreParametersThanAnybodyWrites_IsAFault(string good, string bad, string reason)
    {
        string parameters = string.Concat(Enumerable.Range(0, 200).Select(i => $";p{i}"));
        ParseResult result = Read(Good.Replace(good, string.Format(System.Globalization.CultureInfo.InvariantCulture, bad, parameters), StringComparison.Ordinal));
        Assert.Equal(reason, result.Fault?.Reason);
    }

    [Fact]
    public void Parse_StreamWithoutContentLength_IsAFault() =>
        Assert.Equal("Missing Content-Length", SipParser.Parse(Encoding.UTF8.GetBytes(Good.Replace("Content-Length: 4\r\n", "", StringComparison.Ordinal)), isStream: true).Fault!.Reason);

    private static ParseResult Read(string text) => SipParser.Parse(Encoding.UTF8.GetBytes(text));
}
