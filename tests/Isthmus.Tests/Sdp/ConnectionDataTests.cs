// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.Sdp;

public class ConnectionDataTests
{
    [Theory]
    [InlineData("IN IP4 192.0.2.1", "192.0.2.1", IpVersion.V4)]
    [InlineData("IN IP6 2001:DB8:0:0::1", "2001:db8::1", IpVersion.V6)]
    [InlineData("IN IP6 ::ffff:192.0.2.1", "192.0.2.1", IpVersion.V4)]
    [InlineData("IN IP4 ::ffff:192.0.2.1", "192.0.2.1", IpVersion.V4)]
    [InlineData("IN IP6 ::192.0.2.1", "::c000:201", IpVersion.V6)]
    [InlineData("IN IP6 fe80::1%eth0", "fe80::1", IpVersion.V6)]
    [InlineData("IN ip4 192.0.2.1", "192.0.2.1", IpVersion.V4)]
    [InlineData("IN IP4 phone.example.com", null, IpVersion.V4)]
    [InlineData("IN IP6 phone.example.com.", null, IpVersion.V6)]
    [InlineData("IN IP6 a_b", null, IpVersion.V6)]
    [InlineData("IN E164 +15551234", null, null)]
    [InlineData("ATM NSAP 47.0091", null, null)]
    public void TryParse_Address_HasItsVersion(string text, string? address, IpVersion? version)
    {
        Assert.True(ConnectionData.TryParse(text, out var connection));
        Assert.Equal(address is null ? null : IPAddress.Parse(address), connection.Address);
        Assert.Equal(version, connection.Version);
        Assert.Equal(text, connection.ToString());
    }

    [Theory]
    [InlineData("IN IP4 224.2.1.1/127", 127, null)]
    [InlineData("IN IP4 224.2.1.1/0/3", 0, 3)]
    [InlineData("IN IP6 FF15::101/3", null, 3)]
    [InlineData("IN IP6 FF15::101", null, null)]
    public void TryParse_Multicast_HasTimeToLiveAndCount(string text, int? timeToLive, int? count)
    {
        Assert.True(ConnectionData.TryParse(text, out var connection));
        Assert.Equal((timeToLive, count), (connection.TimeToLive, connection.AddressCount));
        Assert.Equal(text, connection.ToString());
    }

    [Theory]
    [InlineData("IN IP4 0.0.0.0", true)]
    [InlineData("IN IP6 ::", true)]
    [InlineData("IN IP6 0:0:0:0:0:0:0:0", true)]
    [InlineData("IN IP4 127.0.0.1", false)]
    [InlineData("IN IP4 example.com", false)]
    public void IsUnspecified_HoldAddress_IsTrue(string text, bool expected)
    {
        Assert.True(ConnectionData.TryParse(text, out var connection));
        Assert.Equal(expected, connection.IsUnspecified);
    }

    [Theory]
    [InlineData("")]
    [InlineData("IN")]
    [InlineData("IN IP4")]
    [InlineData("IN IP4 192.0.2.1 more")]
    [InlineData("IN IP4 192.0.2")]
    [InlineData("IN IP4 192.0.2.256")]
    [InlineData("IN IP4 192.0.2.01")]
    [InlineData("IN IP4 3221225985")]
    [InlineData("IN IP4 2001:db8::1")]
    [InlineData("IN IP6 192.0.2.1")]
    [InlineData("IN IP6 [2001:db8::1]")]
    [InlineData("IN IP6 2001:db8::1::2")]
    [InlineData("IN IP6 2001:db8::1/3/4")]
    [InlineData("IN IP6 ff15::1/0")]
    [InlineData("IN IP4 224.2.1.1/256")]
    [InlineData("IN IP4 224.2.1.1/127/0")]
    [InlineData("IN IP4 224.2.1.1/x")]
    [InlineData("IN IP4 bad!name")]
    public void TryParse_BrokenAddress_IsRefused(string text) => Assert.False(ConnectionData.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.1", "IN IP4 192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "IN IP4 192.0.2.1")]
    [InlineData("2001:db8::1", "IN IP6 2001:db8::1")]
    [InlineData("fe80::1%3", "IN IP6 fe80::1")]
    public void Create_Address_WritesItsOwnVersion(string address, string expected) => Assert.Equal(expected, ConnectionData.Create(IPAddress.Parse(address)).ToString());
}
