// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

public class OfferTests
{
    [Fact]
    public void From_NoBody_IsUnknown()
    {
        var offer = Offer.From(Requests.Of("INVITE"));

        Assert.Equal((OfferKind.None, (IpVersions?)null, false), (offer.Kind, offer.Versions, offer.HasIce));
    }

    [Theory]
    [InlineData("application/sdp")]
    [InlineData("Application/SDP;charset=utf-8")]
    [InlineData("application/sdp ; a=b")]
    public void From_Sdp_IsRead(string contentType) => Assert.Equal(IpVersions.V6, Offer.From(Requests.Of("INVITE", "", contentType, Bodies.V6)).Versions);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/sdpx")]
    [InlineData("multipart/mixed")]
    [InlineData(null)]
    public void From_OtherType_IsForeign(string? contentType) => Assert.Equal(OfferKind.Foreign, Offer.From(Requests.Of("INVITE", "", contentType, Bodies.V6)).Kind);

    [Fact]
    public void From_EncodedBody_IsForeign() => Assert.Equal(OfferKind.Foreign, Offer.From("application/sdp", "gzip", Bodies.Bytes(Bodies.V6)).Kind);

    [Fact]
    public void From_BrokenSdp_IsUnreadable() => Assert.Equal(OfferKind.Unreadable, Offer.From(Requests.Of("INVITE", "", "application/sdp", "v=0\r\nnothing")).Kind);

    [Theory]
    [InlineData("multipart/mixed;boundary=xyz")]
    [InlineData("multipart/mixed; boundary=\"xyz\"; start=a")]
    [InlineData("multipart/related;type=a;boundary=xyz")]
    public void From_Multipart_FindsTheSdp(string contentType)
    {
        var body = "preamble --xyz\r\n--xyz\r\nContent-Type: text/plain\r\n\r\nhello --xyz there\r\n--xyz  \r\nContent-ID: <a>\r\ncontent-type:application/sdp\r\n\r\n"
            + Bodies.V6 + "\r\n--xyz--\r\nepilogue";

        var offer = Offer.From(Requests.Of("INVITE", "", contentType, body));

        Assert.Equal((OfferKind.Session, IpVersions.V6), (offer.Kind, offer.Versions));
        Assert.Single(offer.Session!.Media);
    }

    [Fact]
    public void From_NestedMultipart_FindsTheSdp()
    {
        var inner = "--in\r\nContent-Type: application/sdp\r\n\r\n" + Bodies.V4 + "--in--\r\n";
        var body = "--out\nContent-Type: multipart/alternative;boundary=in\n\n" + inner + "\n--out--";

        Assert.Equal(IpVersions.V4, Offer.From("multipart/mixed;boundary=out", null, Bodies.Bytes(body)).Versions);
    }

    [Theory]
    [InlineData("--xyz\r\nContent-Type: text/plain\r\n\r\nhello\r\n--xyz--\r\n")]
    [InlineData("--xyz\r\nno header end")]
    [InlineData("--xyz--\r\n--xyz\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--xyz--")]
    [InlineData("--xyzz\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--xyzz--")]
    [InlineData("nothing at all")]
    public void From_MultipartWithoutSdp_IsForeign(string body) => Assert.Equal(OfferKind.Foreign, Offer.From("multipart/mixed;boundary=xyz", null, Bodies.Bytes(body)).Kind);

    [Fact]
    public void HasIce_CandidatesInEveryLiveLine_IsTrue()
    {
        Assert.True(JudgeTable.ReadOffer("6ice").HasIce);
        Assert.False(JudgeTable.ReadOffer("6").HasIce);
        Assert.False(Offer.From("application/sdp", null, Bodies.Bytes(Bodies.V6Ice + "m=video 4002 RTP/AVP 31\r\n")).HasIce);
        Assert.True(Offer.From("application/sdp", null, Bodies.Bytes(Bodies.V6Ice + "m=video 0 RTP/AVP 31\r\n")).HasIce);
    }
}
