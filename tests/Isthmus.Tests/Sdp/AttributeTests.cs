// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class AttributeTests
{
    [Theory]
    [InlineData("1 1 UDP 2130706431 203.0.113.141 8998 typ host", IpVersion.V4)]
    [InlineData("2 1 UDP 1694498815 2001:db8::3 45664 typ srflx raddr 203.0.113.141 rport 8998", IpVersion.V6)]
    [InlineData("a+/9 256 TCP 0 ::ffff:192.0.2.1 9 typ host tcptype active", IpVersion.V4)]
    [InlineData("1 1 UDP 1 abcd.local 9 typ host", null)]
    public void IceCandidate_Valid_IsReadAndWritten(string text, IpVersion? version)
    {
        var candidate = IceCandidate.Parse(text);

        Assert.Equal(version, candidate!.Version);
        Assert.Equal(text, candidate.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 0 UDP 1 192.0.2.1 9 typ host")]
    [InlineData("1 1 UDP -1 192.0.2.1 9 typ host")]
    [InlineData("1 1 UDP 1 192.0.2 9 typ host")]
    [InlineData("1 1 UDP 1 192.0.2.1 65536 typ host")]
    [InlineData("1 1 UDP 1 192.0.2.1 9 type host")]
    [InlineData("1 1 UDP 1 192.0.2.1 9 typ")]
    [InlineData("123456789012345678901234567890123 1 UDP 1 192.0.2.1 9 typ host")]
    public void IceCandidate_Broken_IsIgnored(string text) => Assert.Null(IceCandidate.Parse(text));

    [Theory]
    [InlineData("1 IP6 2001:db8::1 45678", IpVersion.V6)]
    [InlineData("2 IP4 192.0.2.1 12340", IpVersion.V4)]
    [InlineData("3 IP6 media.example.com 9", IpVersion.V6)]
    public void AlternativeAddress_Valid_IsReadAndWritten(string text, IpVersion version)
    {
        var alternative = AlternativeAddress.Parse(text);

        Assert.Equal(version, alternative!.Version);
        Assert.Equal(text, alternative.ToString());
    }

    [Theory]
    [InlineData("1 IP4 2001:db8::1 45678")]
    [InlineData("1 IP6 2001:db8::1")]
    [InlineData("x IP6 2001:db8::1 9")]
    [InlineData("1 E164 5551 9")]
    [InlineData("1 IP6 2001:db8::1 9 9")]
    public void AlternativeAddress_Broken_IsIgnored(string text) => Assert.Null(AlternativeAddress.Parse(text));

    [Theory]
    [InlineData("53020", true)]
    [InlineData("53020 IN IP4 126.16.64.4", true)]
    [InlineData("0", false)]
    [InlineData("53020 IN IP4", false)]
    [InlineData("x", false)]
    public void RtcpAddress_Text_IsReadAndWritten(string text, bool good) => Assert.Equal(good ? text : null, RtcpAddress.Parse(text)?.ToString());

    [Theory]
    [InlineData(MediaDirection.SendReceive, MediaDirection.SendReceive)]
    [InlineData(MediaDirection.SendOnly, MediaDirection.ReceiveOnly)]
    [InlineData(MediaDirection.ReceiveOnly, MediaDirection.SendOnly)]
    [InlineData(MediaDirection.Inactive, MediaDirection.Inactive)]
    public void Mirrored_Direction_IsTheOtherSides(MediaDirection direction, MediaDirection expected) => Assert.Equal(expected, direction.Mirrored);
}
