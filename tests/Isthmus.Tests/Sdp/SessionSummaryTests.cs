// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class SessionSummaryTests
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
    private const string C4 = "c=IN IP4 192.0.2.1\r\n";
    private const string C6 = "c=IN IP6 2001:db8::1\r\n";
    private const string Audio = "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    private const string Video = "m=video 4002 RTP/AVP 31\r\n";
    private const string Ufrag = "a=ice-ufrag:abcd\r\n";
    private const string Candidate = "a=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host\r\n";

    private static readonly string[] Parts =
    [
        C4, C6, Audio, Video, Ufrag, Candidate, "c=IN IP6 ::1\r\n", "c=IN IP6 ::ffff:192.0.2.1\r\n", "c=IN IP6 ::ffff:c000:201\r\n", "c=IN IP4 example.com\r\n", "c=IN IP4 224.2.1.1/127\r\n",
        "c=IN IP4 0.0.0.0\r\n", "c=in IP4 1.2.3.4\r\n", "c=TN RFC2543 +1\r\n", "c=IN IP6 fe80::1%eth0\r\n", "c=IN IP4 192.0.2.01\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=audio 4000/2 RTP/AVP 0\r\n",
        "m=audio 70000 RTP/AVP 0\r\n", "m=audio  4000 RTP/AVP 0\r\n", "m=audio 4000 RTP/AVP\r\n", "s=again\r\n", "v=0\r\n", "o=- 1 1 IN IP4 192.0.2.1\r\n", "a=ice-ufrag\r\n",
        "a=candidate:1 1 UDP 99999999999 192.0.2.1 4000 typ host\r\n", "a=candidate:1 2 TCP 1 2001:db8::1 9 typ host tcptype active\r\n", "a=candidate:1 1 UDP 1 x.local 9 typ host\r\n",
        "a=candidate\r\n", "b=AS:5\r\n", "a=sendrecv\r\n", "\r\n", "x\r\n", "i=caf\u00e9\r\n", "a=mid:1\r\n", "a=group:ANAT 1 2\r\n", "c=IN IP4 192.0.2.1 \r\n", "c=IN IP6 2001:ffff::1\r\n",
    ];

    private static readonly Gen<string> AnyPart = Gen.Int[0, Parts.Length - 1].Select(static at => Parts[at]);

    [Theory]
    [InlineData(Head + C4 + Audio, IpVersions.V4, false)]
    [InlineData(Head + C6 + Audio, IpVersions.V6, false)]
    [InlineData(Head + "c=IN IP6 ::1\r\n" + Audio, IpVersions.V6, false)]
    [InlineData(Head + C4 + Audio + Video + C6, IpVersions.None, false)]
    [InlineData(Head + C4, IpVersions.Both, false)]
    [InlineData(Head + Audio, null, false)]
    [InlineData(Head + C4 + Ufrag + Audio + Candidate, IpVersions.V4, true)]
    [InlineData(Head + C4 + Audio + Ufrag + Candidate + Video, IpVersions.V4, false)]
    public void TryRead_UsualBody_IsReadWithoutTheModel(string body, IpVersions? versions, bool usesIce)
    {
        Assert.True(SessionSummary.TryRead(Encoding.UTF8.GetBytes(body), out var summary));
        Assert.Equal(new(versions, usesIce), summary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\n")]
    [InlineData("v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4\r\n")]
    [InlineData("v=0\r\no=- a 1 IN IP4 192.0.2.1\r\n")]
    [InlineData(Head + "c=IN IP6 192.0.2.1\r\n")]
    [InlineData(Head + "c=IN IP4 1.2.3\r\n")]
    public void TryRead_BrokenBody_IsLeftToTheModel(string body) => Assert.False(SessionSummary.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void TryRead_LinesInAnyOrder_AsTheModel() => AnyPart.Array[0, 8].Sample(static parts => IsAsTheModel(Encoding.UTF8.GetBytes(Head + string.Concat(parts))), iter: 50_000);

    [Fact]
    public void TryRead_MutatedBody_AsTheModel() =>
        Gen.Select(AnyPart.Array[0, 5], Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte[32, 126], Gen.Int[0, 2]).Array[1, 4]).Sample(
            static (parts, edits) => IsAsTheModel(Mutated(Head + C4 + Audio + Candidate + string.Concat(parts), edits)), iter: 50_000);

    private static byte[] Mutated(string text, (int Where, byte What, int How)[] edits)
    {
        var body = Encoding.UTF8.GetBytes(text).ToList();
        foreach (var (where, what, how) in edits)
        {
            var at = where % body.Count;
            switch (how)
            {
                case 0:
                    body[at] = what;
                    break;
                case 1:
                    body.Insert(at, what);
                    break;
                default:
                    body.RemoveAt(at);
                    break;
            }
        }

        return [.. body];
    }

    private static bool IsAsTheModel(byte[] body) =>
        !SessionSummary.TryRead(body, out var summary) || (SessionDescription.TryParse(body, out var session, out _) && SessionSummary.Of(session) == summary);
}
