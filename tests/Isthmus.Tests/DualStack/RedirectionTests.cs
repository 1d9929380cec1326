// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.DualStack;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

public class RedirectionTests
{
    [Theory]
    [InlineData(true, IpVersion.V4, "SIP/2.0 380 Alternative Service", "301 sip.example.com \"Incompatible network address formats: use IP4\"", "IN IP4 0.0.0.0")]
    [InlineData(true, IpVersion.V6, "SIP/2.0 380 Alternative Service", "301 sip.example.com \"Incompatible network address formats: use IP6\"", "IN IP6 ::")]
    [InlineData(false, IpVersion.V4, "SIP/2.0 488 Not Acceptable Here", "301 sip.example.com \"Incompatible network address formats: use IP4\"", "IN IP4 0.0.0.0")]
    public void Answer_Verdict_IsOnTheWireAsDescribed(bool redirect, IpVersion version, string startLine, string warning, string address)
    {
        Verdict verdict = redirect ? Verdict.Redirect(version, VerdictReason.SessionNotShared) : Verdict.Refuse(version, VerdictReason.CallerLacksVersion);

        var response = Redirection.Answer(Requests.Of("INVITE"), verdict, "sip.example.com", "tag1");

        Assert.StartsWith(startLine, response.ToString(), StringComparison.Ordinal);
        Assert.Equal(warning, response.Text(HeaderName.Warning));
        Assert.False(response.Has(HeaderName.Contact));
        Assert.Equal("tag1", response.To.Tag);
        Assert.Equal("application/sdp", response.ContentTypeText);
        Assert.Equal($"v=0\r\no=- 0 0 {address}\r\ns=-\r\nc={address}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n", Encoding.UTF8.GetString(response.Body));
        Assert.Equal(version, Redirection.WantedVersion(response));
        Assert.Equal(new VersionHint(true, version), Redirection.Read(response));
    }

    [Fact]
    public void Answer_Forward_IsAFaultOfTheCaller() =>
        Assert.Throws<ArgumentException>(() => Redirection.Answer(Requests.Of("INVITE"), Judge.Carry(IpVersion.V4, [DeviceFacts.ForServers("A", [IpVersion.V4])]), "a", "b"));

    [Theory]
    [InlineData("Incompatible network address formats: use IP4", IpVersion.V4)]
    [InlineData("use IP6", IpVersion.V6)]
    [InlineData("Use IPv6!", IpVersion.V6)]
    [InlineData("please use ipv4 instead of ipv6", IpVersion.V4)]
    [InlineData("IP6 not supported, use IP4", IpVersion.V4)]
    [InlineData("IPv4 only", IpVersion.V4)]
    [InlineData("only IPv4 here", IpVersion.V4)]
    [InlineData("IP version 6 required", IpVersion.V6)]
    [InlineData("IP-v4", IpVersion.V4)]
    [InlineData("supports IP 4", IpVersion.V4)]
    [InlineData("Incompatible network address type 'IP6'", IpVersion.V4)]
    [InlineData("does not support IPv4", IpVersion.V6)]
    [InlineData("IPv6 unavailable", IpVersion.V4)]
    [InlineData("Incompatible network address type 'E.164'", null)]
    [InlineData("Incompatible network address formats", null)]
    [InlineData("IP4 and IP6 are incompatible", null)]
    [InlineData("IP", null)]
    [InlineData("IP version", null)]
    [InlineData("ship4 skip6", null)]
    [InlineData("", null)]
    public void WarningText_OfOthers_IsUnderstood(string text, IpVersion? expected) => Assert.Equal(expected, WarningText.Wanted(text));

    [Theory]
    [InlineData("300 a \"use IP4\"", true, IpVersion.V4, false)]
    [InlineData("301 a:5060 \"Incompatible network address formats\"", true, null, false)]
    [InlineData("301 [2001:db8::1] \"use IP4\"", true, IpVersion.V4, false)]
    [InlineData("399 a \"use IP4\"", false, null, false)]
    [InlineData("305 a \"Incompatible media format\"", false, null, true)]
    [InlineData("301", false, null, false)]
    [InlineData("abc use IP4", false, null, false)]
    public void Read_Warning_CountsIf300Or301(string warning, bool about, IpVersion? wanted, bool other) =>
        Assert.Equal(new VersionHint(about, wanted, other), VersionHint.Read([warning], Offer.None));

    [Fact]
    public void Read_BodyOnly_NamesTheVersion() => Assert.Equal(new VersionHint(true, IpVersion.V6), VersionHint.Read([], Offer.Of(Redirection.Acceptable(IpVersion.V6))));

    [Fact]
    public void Read_WarningWithoutVersion_TakesTheBodys() =>
        Assert.Equal(IpVersion.V6, VersionHint.Read(["301 a \"Incompatible network address formats\""], Offer.Of(Redirection.Acceptable(IpVersion.V6))).Wanted);

    [Fact]
    public void Read_WarningAndBodyDisagree_TakesTheWarnings() =>
        Assert.Equal(IpVersion.V4, VersionHint.Read(["301 a \"use IP4\""], Offer.Of(Redirection.Acceptable(IpVersion.V6))).Wanted);

    [Fact]
    public void Read_OtherWarningWithBody_IsNotAboutVersions() =>
        Assert.Equal(new VersionHint(false, IpVersion.V4, true), VersionHint.Read(["305 a \"Incompatible media format\""], Offer.Of(Redirection.Acceptable(IpVersion.V4))));

    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Acceptable_Version_IsOfOneVersionThroughout(IpVersion version)
    {
        var session = Redirection.Acceptable(version);

        Assert.Equal(version, session.Origin.Version);
        Assert.Equal(version.AsSet, SessionVersions.Of(session));
    }
}
