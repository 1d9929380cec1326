// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class OfferAnswerTests
{
    private static readonly LocalAudio Alice6 = new() { Rtp = new(IPAddress.Parse("2001:db8::a"), 4000), SessionId = 77 };
    private static readonly LocalAudio Alice4 = new() { Rtp = new(IPAddress.Parse("192.0.2.10"), 4000), SessionId = 77 };
    private static readonly LocalAudio Bob6 = new() { Rtp = new(IPAddress.Parse("2001:db8::b"), 5000), SessionId = 88 };
    private static readonly LocalAudio Bob4 = new() { Rtp = new(IPAddress.Parse("192.0.2.20"), 5000), SessionId = 88 };

    [Fact]
    public void Offer_IPv6_IsOfOneVersionThroughout() => Assert.Equal(
        "v=0\r\no=- 77 1 IN IP6 2001:db8::a\r\ns=-\r\nc=IN IP6 2001:db8::a\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
        OfferAnswer.Offer(Alice6).ToString());

    [Fact]
    public void Offer_AgainUnchanged_KeepsTheVersion()
    {
        var first = OfferAnswer.Offer(Alice6);

        Assert.Equal(first, OfferAnswer.Offer(Alice6, first));
    }

    [Fact]
    public void Offer_ChangedAddressOrDirection_IsTheNextVersionOfTheSameSession()
    {
        var first = OfferAnswer.Offer(Alice6);
        var byV4 = OfferAnswer.Offer(Alice4, first);
        var held = OfferAnswer.Offer(Alice4 with { Direction = MediaDirection.SendOnly }, byV4);

        Assert.Equal("- 77 2 IN IP4 192.0.2.10", byV4.Origin.ToString());
        Assert.Equal("- 77 3 IN IP4 192.0.2.10", held.Origin.ToString());
        Assert.Equal(IpVersions.V4, SessionVersions.Of(byV4));
        Assert.Equal(MediaDirection.SendOnly, held.DirectionOf(held.Media[0]));
    }

    [Fact]
    public void Offer_AfterAnAnswerWithRejectedLines_KeepsThem()
    {
        var theirs = Parse("m=video 6000 RTP/AVP 31", "m=audio 6002 RTP/AVP 0");
        Assert.True(OfferAnswer.TryAnswer(theirs, Bob4, null, out var audio, out _));

        var again = OfferAnswer.Offer(Bob4 with { Direction = MediaDirection.Inactive }, audio.Local);

        Assert.Equal([("video", 0), ("audio", 5000)], again.Media.Select(static media => (media.Kind, media.Port)));
    }

    [Fact]
    public void TryAnswer_OurOwnOffer_AgreesOnBothSides()
    {
        var offer = OfferAnswer.Offer(Alice6 with { RtcpPort = 4444 });

        Assert.True(OfferAnswer.TryAnswer(offer, Bob6, null, out var bob, out var fault));
        Assert.True(OfferAnswer.TryRead(offer, bob.Local, out var alice, out _));

        Assert.Equal(OfferAnswerFault.None, fault);
        Assert.Equal((new IPEndPoint(IPAddress.Parse("2001:db8::a"), 4000), 4444), (bob.RemoteRtp, bob.RemoteRtcp!.Port));
        Assert.Equal((new IPEndPoint(IPAddress.Parse("2001:db8::b"), 5000), 5001), (alice.RemoteRtp, alice.RemoteRtcp!.Port));
        Assert.Equal((RtpCodec.Pcmu, RtpCodec.Pcmu), (alice.Codec, bob.Codec));
        Assert.Equal(((byte?)101, (byte?)101), (alice.SendTelephoneEvent, bob.ReceiveTelephoneEvent));
        Assert.Equal((MediaDirection.SendReceive, MediaDirection.SendReceive), (alice.Direction, bob.Direction));
        Assert.Equal((IpVersion.V6, IpVersion.V6), (alice.RemoteVersion, bob.LocalVersion));
        Assert.Equal("- 88 1 IN IP6 2001:db8::b", bob.Local.Origin.ToString());
    }

    [Fact]
    public void TryAnswer_ForeignLines_AreRejectedInPlace()
    {
        var offer = Parse("m=video 6000 RTP/AVP 31 34", "m=audio 6002 RTP/SAVP 0", "m=audio 6004 RTP/AVP 18 8 0 96", "a=rtpmap:96 telephone-event/8000", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");

        Assert.True(OfferAnswer.TryAnswer(offer, Bob4, null, out var audio, out _));

        Assert.Equal(["video 0 RTP/AVP 31", "audio 0 RTP/SAVP 0", "audio 5000 RTP/AVP 8 0 96", "application 0 UDP/DTLS/SCTP webrtc-datachannel"], audio.Local.Media.Select(static media => media.Lines[0].Value));
        Assert.Equal((2, RtpCodec.Pcma, (byte?)96), (audio.MediaIndex, audio.Codec, audio.SendTelephoneEvent));
    }

    [Fact]
    public void TryAnswer_DynamicPayloadTypes_AreTheOffers()
    {
        var offer = Parse("m=audio 6004 RTP/AVP 98 97", "a=rtpmap:97 telephone-event/8000", "a=rtpmap:98 pcma/8000");

        Assert.True(OfferAnswer.TryAnswer(offer, Bob4, null, out var audio, out _));

        Assert.Equal((98, 98, (byte?)97, (byte?)97), (audio.Codec.PayloadType, audio.ReceivePayloadType, audio.SendTelephoneEvent, audio.ReceiveTelephoneEvent));
        Assert.Equal("audio 5000 RTP/AVP 98 97", audio.Local.Media[0].Lines[0].Value);
    }

    [Theory]
    [InlineData("a=sendrecv", MediaDirection.SendReceive, MediaDirection.SendReceive)]
    [InlineData("a=sendonly", MediaDirection.SendReceive, MediaDirection.ReceiveOnly)]
    [InlineData("a=recvonly", MediaDirection.SendReceive, MediaDirection.SendOnly)]
    [InlineData("a=inactive", MediaDirection.SendReceive, MediaDirection.Inactive)]
    [InlineData("a=sendrecv", MediaDirection.SendOnly, MediaDirection.SendOnly)]
    [InlineData("a=sendonly", MediaDirection.SendOnly, MediaDirection.Inactive)]
    [InlineData("c=IN IP4 0.0.0.0", MediaDirection.SendReceive, MediaDirection.ReceiveOnly)]
    public void TryAnswer_Hold_IsMirrored(string line, MediaDirection own, MediaDirection expected)
    {
        Assert.True(OfferAnswer.TryAnswer(Parse("m=audio 6000 RTP/AVP 0", line), Bob4 with { Direction = own }, null, out var audio, out _));

        Assert.Equal(expected, audio.Direction);
        Assert.Equal(expected, audio.Local.DirectionOf(audio.Local.Media[0]));
        Assert.Equal(!expected.Sends && own.Sends, audio.HeldByRemote);
    }

    [Fact]
    public void TryAnswer_HoldAndResume_GrowsTheVersion()
    {
        Assert.True(OfferAnswer.TryAnswer(OfferAnswer.Offer(Alice4), Bob4, null, out var talking, out _));
        Assert.True(OfferAnswer.TryAnswer(OfferAnswer.Offer(Alice4 with { Direction = MediaDirection.SendOnly }), Bob4, talking.Local, out var held, out _));
        Assert.True(OfferAnswer.TryAnswer(OfferAnswer.Offer(Alice4), Bob4, held.Local, out var resumed, out _));

        Assert.Equal(["1", "2", "3"], new[] { talking, held, resumed }.Select(static audio => audio.Local.Origin.SessionVersion));
        Assert.True(held.HeldByRemote && !resumed.HeldByRemote);
    }

    [Theory]
    [InlineData(OfferAnswerFault.NoAudio, "m=video 6000 RTP/AVP 31")]
    [InlineData(OfferAnswerFault.NoAudio, "m=audio 0 RTP/AVP 0")]
    [InlineData(OfferAnswerFault.NoAudio, "m=audio 6000 RTP/SAVPF 0")]
    [InlineData(OfferAnswerFault.NoCommonCodec, "m=audio 6000 RTP/AVP 18")]
    [InlineData(OfferAnswerFault.NoCommonCodec, "m=audio 6000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000")]
    [InlineData(OfferAnswerFault.VersionDiffers, "m=audio 6000 RTP/AVP 0", "c=IN IP6 2001:db8::1")]
    [InlineData(OfferAnswerFault.NoConnection, "m=audio 6000 RTP/AVP 0", "c=ATM NSAP 1")]
    public void TryAnswer_WhatCannotBe_SaysWhy(OfferAnswerFault expected, params string[] lines)
    {
        Assert.False(OfferAnswer.TryAnswer(Parse(lines), Bob4, null, out var audio, out var fault));
        Assert.Equal((null, expected), (audio, fault));
    }

    [Fact]
    public void TryAnswer_TwoAudioLines_TakesTheOneOfItsVersion()
    {
        var offer = Parse("m=audio 6000 RTP/AVP 0", "c=IN IP6 2001:db8::1", "m=audio 6002 RTP/AVP 0");

        Assert.True(OfferAnswer.TryAnswer(offer, Bob4, null, out var audio, out _));
        Assert.Equal([0, 5000], audio.Local.Media.Select(static media => media.Port));
    }

    [Theory]
    [InlineData(OfferAnswerFault.MediaCountDiffers, "m=audio 6000 RTP/AVP 0", "m=video 0 RTP/AVP 31")]
    [InlineData(OfferAnswerFault.MediaKindDiffers, "m=video 6000 RTP/AVP 31")]
    [InlineData(OfferAnswerFault.AudioRejected, "m=audio 0 RTP/AVP 0")]
    [InlineData(OfferAnswerFault.NoCommonCodec, "m=audio 6000 RTP/AVP 18")]
    [InlineData(OfferAnswerFault.NoConnection, "m=audio 6000 RTP/AVP 0", "c=IN E164 5551")]
    public void TryRead_WhatCannotBeUsed_SaysWhy(OfferAnswerFault expected, params string[] lines)
    {
        Assert.False(OfferAnswer.TryRead(OfferAnswer.Offer(Alice4), Parse(lines), out var audio, out var fault));
        Assert.Equal((null, expected), (audio, fault));
    }

    [Fact]
    public void TryRead_AnswerOfTheOtherVersion_ShowsIt()
    {
        Assert.True(OfferAnswer.TryRead(OfferAnswer.Offer(Alice6), Parse("m=audio 6000 RTP/AVP 0"), out var audio, out _));
        Assert.Equal((IpVersion.V6, IpVersion.V4), (audio.LocalVersion, audio.RemoteVersion));
    }

    [Fact]
    public void TryRead_OtherPayloadTypes_SendsTheirsAndReceivesOurs()
    {
        var answer = Parse("m=audio 6000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000", "a=recvonly");

        Assert.True(OfferAnswer.TryRead(OfferAnswer.Offer(Alice4), answer, out var audio, out _));

        Assert.Equal((RtpCodec.Pcma, 8, (byte?)97, (byte?)101), (audio.Codec, audio.ReceivePayloadType, audio.SendTelephoneEvent, audio.ReceiveTelephoneEvent));
        Assert.Equal(MediaDirection.SendOnly, audio.Direction);
    }

    [Fact]
    public void RemoteRtp_DomainName_IsForTheCallerToResolve()
    {
        Assert.True(OfferAnswer.TryRead(OfferAnswer.Offer(Alice4), Parse("m=audio 65535 RTP/AVP 0", "c=IN IP4 media.example.com"), out var audio, out _));
        Assert.Equal((null, null, "media.example.com", 65535), (audio.RemoteRtp, audio.RemoteRtcp, audio.RemoteConnection.AddressText, audio.RemotePort));
    }

    private static SessionDescription Parse(params string[] media)
    {
        var body = "v=0\r\no=x 1 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 192.0.2.99\r\nt=0 0\r\n" + string.Join("\r\n", media) + "\r\n";
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(body), out var session, out var fault), fault?.ToString());
        return session;
    }
}
