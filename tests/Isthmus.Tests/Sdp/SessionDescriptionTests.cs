// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sdp;

namespace Isthmus.Tests.Sdp;

public class SessionDescriptionTests
{
    private const string Full = """
        v=0
        o=jdoe 3724394400 3724394405 IN IP6 2001:db8::1
        s=Call to John Smith
        i=SDP Offer #1
        u=http://www.jdoe.example.com/home.html
        e=Jane Doe <jane@jdoe.example.com>
        p=+1 617 555-6011
        c=IN IP6 2001:db8::1
        b=AS:128
        t=0 0
        r=7d 1h 0 25h
        z=2882844526 -1h 2898848070 0
        k=prompt
        x=nobody knows this
        a=recvonly
        a=group:ANAT 1 2
        m=audio 49170 RTP/AVP 0 8 101 97
        i=the first
        c=IN IP4 192.0.2.1
        b=TIAS:64000
        y=nor this
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=rtpmap:97 L16/44100/2
        a=ptime:30
        a=rtcp:53020 IN IP6 2001:db8::2
        a=sendrecv
        a=mid:1
        m=video 51372/2 RTP/SAVP 99
        a=mid:2
        a=rtpmap:99 h263-1998/90000

        """;

    [Fact]
    public void TryParse_EveryLine_IsUnderstood()
    {
        var session = Parse(Full);

        Assert.Equal(("jdoe", "3724394405", "2001:db8::1"), (session.Origin.Username, session.Origin.SessionVersion, session.Origin.Address));
        Assert.Equal("Call to John Smith", session.Name);
        Assert.Equal([new Timing(0, 0)], session.Times);
        Assert.Equal([new Bandwidth("AS", 128)], session.Bandwidths);
        Assert.Equal(["1", "2"], Assert.Single(session.AlternativeGroups));
        var (audio, video) = (session.Media[0], session.Media[1]);
        Assert.Equal(("audio", 49170, 1, "RTP/AVP"), (audio.Kind, audio.Port, audio.PortCount, audio.Protocol));
        Assert.Equal(["0", "8", "101", "97"], audio.Formats);
        Assert.Equal([RtpCodec.Pcmu, RtpCodec.Pcma, RtpCodec.TelephoneEvent, new(97, "L16", 44100, 2)], audio.Codecs);
        Assert.Equal([new Bandwidth("TIAS", 64000)], audio.Bandwidths);
        Assert.Equal(TimeSpan.FromMilliseconds(30), audio.PacketTime);
        Assert.Equal("53020 IN IP6 2001:db8::2", audio.Rtcp!.ToString());
        Assert.Equal(("1", "2", 2), (audio.Mid, video.Mid, video.PortCount));
        Assert.Equal((MediaDirection.SendReceive, MediaDirection.ReceiveOnly), (session.DirectionOf(audio), session.DirectionOf(video)));
        Assert.Equal(("192.0.2.1", "2001:db8::1"), (session.ConnectionOf(audio)!.AddressText, session.ConnectionOf(video)!.AddressText));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void ToBytes_WhatWasRead_IsWrittenAgainInOrder(string lineEnd)
    {
        var text = Full.ReplaceLineEndings(lineEnd);

        Assert.Equal(Full.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(Parse(text).ToBytes()));
    }

    [Fact]
    public void ToBytes_OtherCharset_IsKeptByteForByte()
    {
        byte[] body = [.. "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=caf"u8, 0xE9, .. "\r\n"u8];

        Assert.True(SessionDescription.TryParse(body, out var session, out _));
        Assert.Equal(body, session.ToBytes());
    }

    [Theory]
    [InlineData("", 0, "the first line is not v=")]
    [InlineData("\r\n\r\n", 2, "the first line is not v=")]
    [InlineData("o=- 1 1 IN IP4 192.0.2.1", 1, "the first line is not v=")]
    [InlineData("v=1", 1, "the version is not 0")]
    [InlineData("v=0\r\nv=0", 2, "a second v= line")]
    [InlineData("v=0\r\ns=-", 2, "there is no o= line")]
    [InlineData("v=0\r\no=- 1 IN IP4 192.0.2.1", 2, "the origin cannot be read")]
    [InlineData("v=0\r\no=- 1 x IN IP4 192.0.2.1", 2, "the origin cannot be read")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 192.0.2.1 more", 2, "the origin cannot be read")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\no=- 1 1 IN IP4 a", 3, "a second or misplaced o= line")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\ns=-", 4, "a second or misplaced s= line")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nhello", 3, "not a line of the form type=value")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\n =x", 3, "not a line of the form type=value")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=a\0b", 3, "not a line of the form type=value")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=a\rb", 3, "not a line of the form type=value")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4", 3, "the connection data cannot be read")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP", 3, "a media line names no format")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 65536 RTP/AVP 0", 3, "a media line's port is not 0 to 65535")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000/0 RTP/AVP 0", 3, "a media line's port count is not a number")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio", 3, "a media line has too few fields")]
    public void TryParse_BrokenBody_SaysWhatAndWhere(string body, int line, string reason)
    {
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes(body), out var session, out var fault));
        Assert.Null(session);
        Assert.Equal(new SdpFault(line, reason), fault);
    }

    [Theory]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\na=x\r\nc=IN IP4 192.0.2.1\r\n\r\nm=audio 4000 RTP/AVP 0\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=\r\nt=whenever\r\nb=lots\r\na=rtpmap:x\r\nc=IN IP4 192.0.2.1\r\nm=audio  4000 RTP/AVP 0")]
    public void TryParse_SloppyBody_IsRead(string body) => Assert.Equal(4000, Assert.Single(Parse(body).Media).Port);

    [Fact]
    public void TryParse_OverALimit_SaysSo()
    {
        const string body = "v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 1 RTP/AVP 0 8\r\nm=audio 2 RTP/AVP 0\r\n";

        Assert.Equal("the body is larger than allowed", Fault(body, new() { MaxBytes = body.Length - 1 }));
        Assert.Equal("there are more lines than allowed", Fault(body, new() { MaxLines = 3 }));
        Assert.Equal("there are more media lines than allowed", Fault(body, new() { MaxMedia = 1 }));
        Assert.Equal("a media line names too many formats", Fault(body, new() { MaxFormats = 1 }));
        Assert.Null(Fault(body, new() { MaxBytes = body.Length, MaxLines = 4, MaxMedia = 2, MaxFormats = 2 }));
    }

    [Fact]
    public void Origin_Next_GrowsByOne()
    {
        var origin = Parse(Full).Origin;

        Assert.Equal("3724394406", origin.Next().SessionVersion);
        Assert.True(origin.IsSameSession(origin.Next()));
        Assert.Equal("1", (origin with { SessionVersion = new string('9', 40) }).Next().SessionVersion);
    }

    [Fact]
    public void SdpLine_WithLineEnd_IsAFaultOfTheCaller()
    {
        Assert.Throws<ArgumentException>(() => new SdpLine('a', "x\r\na=y"));
        Assert.Throws<ArgumentException>(() => new SdpLine('=', "x"));
        Assert.Throws<ArgumentException>(() => MediaDescription.Create("audio", 70000, "RTP/AVP", ["0"]));
    }

    private static SessionDescription Parse(string body)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(body), out var session, out var fault), fault?.ToString());
        return session;
    }

    private static string? Fault(string body, SdpLimits limits) =>
        SessionDescription.TryParse(Encoding.UTF8.GetBytes(body), out _, out var fault, limits) ? null : fault.Reason;
}
