// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class SessionVersionsTests
{
    private const string C4 = "c=IN IP4 192.0.2.1\n";
    private const string C6 = "c=IN IP6 2001:db8::1\n";
    private const string Audio = "m=audio 4000 RTP/AVP 0\n";
    private const string Video = "m=video 4002 RTP/AVP 31\n";
    private const string Rejected = "m=video 0 RTP/AVP 31\n";
    private const string Candidate4 = "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\n";
    private const string Candidate6 = "a=candidate:2 1 UDP 1 2001:db8::1 4000 typ host\n";
    private const string CandidateName = "a=candidate:2 1 UDP 1 x.local 4000 typ host\n";
    private const string Altc6 = "a=altc:1 IP6 2001:db8::1 4000\n";
    private const string Altc4 = "a=altc:2 IP4 192.0.2.1 4000\n";

    [Theory]
    [InlineData(C4 + Audio, IpVersions.V4)]
    [InlineData(C6 + Audio, IpVersions.V6)]
    [InlineData(Audio + C6, IpVersions.V6)]
    [InlineData(C4 + Audio + C6, IpVersions.V6)]
    [InlineData(C4 + Audio + C6 + Video + C6, IpVersions.V6)]
    [InlineData(C4 + Audio + Video + C6, IpVersions.None)]
    [InlineData(C4 + Audio + Rejected + C6, IpVersions.V4)]
    [InlineData(C4 + Audio + "m=video 0 RTP/AVP 31\nc=ATM NSAP 1\n", IpVersions.V4)]
    [InlineData(C4 + Rejected, IpVersions.Both)]
    [InlineData("", IpVersions.Both)]
    [InlineData("c=IN IP4 0.0.0.0\n" + Audio, IpVersions.V4)]
    [InlineData("c=IN IP6 ::\n" + Audio, IpVersions.V6)]
    [InlineData("c=IN IP6 phone.example.com\n" + Audio, IpVersions.V6)]
    [InlineData("c=IN IP4 phone.example.com\n" + Audio, IpVersions.V4)]
    [InlineData("c=IN IP6 ::ffff:192.0.2.1\n" + Audio, IpVersions.V4)]
    [InlineData("c=IN IP4 224.2.1.1/127/3\n" + Audio, IpVersions.V4)]
    [InlineData(Audio, null)]
    [InlineData(Audio + C4 + Video, null)]
    [InlineData("c=IN E164 5551\n" + Audio, null)]
    public void Of_ConnectionData_IsWhatEveryLiveLineCanUse(string lines, IpVersions? expected) => Assert.Equal(expected, Of(lines));

    [Theory]
    [InlineData(C4 + Audio + Candidate4 + Candidate6, SessionReaders.None, IpVersions.V4)]
    [InlineData(C4 + Audio + Candidate4 + Candidate6, SessionReaders.Altc | SessionReaders.Anat, IpVersions.V4)]
    [InlineData(C4 + Audio + Candidate4 + Candidate6, SessionReaders.Ice, IpVersions.Both)]
    [InlineData(C4 + Audio + Candidate4 + CandidateName, SessionReaders.Ice, IpVersions.V4)]
    [InlineData(C4 + Audio + Candidate6 + Video, SessionReaders.Ice, IpVersions.V4)]
    [InlineData(C4 + Audio + Altc6 + Altc4, SessionReaders.None, IpVersions.V4)]
    [InlineData(C4 + Audio + Altc6 + Altc4, SessionReaders.Ice | SessionReaders.Anat, IpVersions.V4)]
    [InlineData(C4 + Audio + Altc6 + Altc4, SessionReaders.Altc, IpVersions.Both)]
    [InlineData(C6 + Audio + Altc6 + Altc4, SessionReaders.Altc, IpVersions.Both)]
    [InlineData(C4 + Audio + Altc6, SessionReaders.Altc, IpVersions.V4)]
    [InlineData(C4 + Audio + Altc6 + "a=altc:2 IP4 192.0.2.1 4444\n", SessionReaders.Altc, IpVersions.V4)]
    [InlineData(C4 + Audio + Altc6 + Altc4 + Video, SessionReaders.Altc, IpVersions.V4)]
    public void Of_SecondAddresses_CountForThoseWhoReadThem(string lines, SessionReaders readers, IpVersions expected) => Assert.Equal(expected, Of(lines, readers));

    [Theory]
    [InlineData("a=group:ANAT 1 2\nm=audio 4000 RTP/AVP 0\n" + C6 + "a=mid:1\nm=audio 4002 RTP/AVP 0\n" + C4 + "a=mid:2\n", IpVersions.Both, IpVersions.None)]
    [InlineData("a=group:ANAT 1 2\nm=audio 4000 RTP/AVP 0\n" + C6 + "a=mid:1\nm=audio 0 RTP/AVP 0\n" + C4 + "a=mid:2\n", IpVersions.V6, IpVersions.V6)]
    [InlineData("a=group:ANAT 1 2\nm=audio 0 RTP/AVP 0\n" + C6 + "a=mid:1\nm=audio 0 RTP/AVP 0\n" + C4 + "a=mid:2\n", IpVersions.Both, IpVersions.Both)]
    [InlineData("a=group:ANAT 1 2\nm=audio 4000 RTP/AVP 0\n" + C6 + "a=mid:1\nm=audio 4002 RTP/AVP 0\n" + C4 + "a=mid:2\n" + Video + C4, IpVersions.V4, IpVersions.None)]
    [InlineData("a=group:FID 1 2\nm=audio 4000 RTP/AVP 0\n" + C6 + "a=mid:1\nm=audio 4002 RTP/AVP 0\n" + C4 + "a=mid:2\n", IpVersions.None, IpVersions.None)]
    public void Of_AnatGroup_IsOneLineForThoseWhoReadIt(string lines, IpVersions reading, IpVersions notReading)
    {
        Assert.Equal(reading, Of(lines, SessionReaders.Anat));
        Assert.Equal(notReading, Of(lines));
    }

    [Fact]
    public void Of_UnreadableBody_IsUnknown() => Assert.Null(SessionVersions.Of("v=0\r\nrubbish"u8));

    private static IpVersions? Of(string lines, SessionReaders readers = SessionReaders.None) =>
        SessionVersions.Of(Encoding.UTF8.GetBytes("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\n" + Ordered(lines)), readers);

    private static string Ordered(string lines) => lines.StartsWith("c=", StringComparison.Ordinal) ? lines.Insert(lines.IndexOf('\n', StringComparison.Ordinal) + 1, "t=0 0\n") : "t=0 0\n" + lines;
}
