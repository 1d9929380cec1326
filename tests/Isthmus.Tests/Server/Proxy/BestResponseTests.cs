// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Tests.Server;

public sealed class BestResponseTests
{
    [Theory]
    [InlineData(404, 404, 486, 503)]
    [InlineData(407, 503, 407, 501, 404)] // the example of RFC 3261 §16.7
    [InlineData(603, 404, 603, 300)]
    [InlineData(600, 600, 603)]
    [InlineData(380, 486, 380)]
    [InlineData(401, 404, 401, 407)]
    [InlineData(484, 404, 484)]
    [InlineData(486, 487, 408, 486)]
    [InlineData(500, 503, 500)]
    [InlineData(503, 503)]
    public void Of_Candidates_TheBest(int expected, params int[] candidates) =>
        Assert.Equal(expected, BestResponse.Of([.. candidates.Select(c => Response(c))])!.StatusCode);

    [Fact]
    public void Of_None_Null() => Assert.Null(BestResponse.Of([]));

    [Fact]
    public void ChallengesBeside_OtherChallenges_AllOfThem()
    {
        SipResponse chosen = Response(407, "Proxy-Authenticate: Digest realm=\"a\"\r\n");
        SipResponse[] all = [chosen, Response(401, "WWW-Authenticate: Digest realm=\"b\"\r\n"), Response(404, "WWW-Authenticate: Digest realm=\"c\"\r\n")];
        Assert.Equal([(HeaderName.WwwAuthenticate, "Digest realm=\"b\"")], BestResponse.ChallengesBeside(chosen, all));
    }

    [Fact]
    public void ChallengesBeside_NoChallengeChosen_None() =>
        Assert.Empty(BestResponse.ChallengesBeside(Response(404), [Response(404), Response(401, "WWW-Authenticate: Digest realm=\"b\"\r\n")]));

    private static SipResponse Response(int status, string headers = "") => (SipResponse)SipParser.Parse(System.Text.Encoding.UTF8.GetBytes(
        $"SIP/2.0 {status} X\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n{headers}Content-Length: 0\r\n\r\n")).Message!;
}
