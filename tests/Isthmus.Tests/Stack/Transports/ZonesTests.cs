// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transports;

public sealed class ZonesTests
{
    [Fact]
    public void AddressHere_InterfaceOfThisMachine_IsItsIndex()
    {
        NetworkInterface? loopback = NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(candidate => candidate.NetworkInterfaceType == NetworkInterfaceType.Loopback && candidate.Supports(NetworkInterfaceComponent.IPv6));
        Assert.SkipWhen(loopback is null, "this machine has no IPv6 on its loopback interface");
        Assert.True(Host.TryParse($"[fe80::1%25{loopback.Name}]", out Host host));
        Assert.Equal(loopback.GetIPProperties().GetIPv6Properties().Index, host.AddressHere!.ScopeId);
    }

    [Theory]
    [InlineData("[fe80::1%25no-such-interface]", null)]
    [InlineData("[fe80::1%257]", "fe80::1%7")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("a.example", null)]
    public void AddressHere_OtherHosts_AreWhatTheySay(string text, string? address)
    {
        Assert.True(Host.TryParse(text, out Host host));
        Assert.Equal(address is null ? null : IPAddress.Parse(address), host.AddressHere);
    }

    [Theory]
    [InlineData("[::ffff:192.0.2.1%25eth0]")]
    [InlineData("[::ffff:192.0.2.1%257]")]
    public void Zone_OfAMappedAddress_IsNone(string text)
    {
        Assert.True(Host.TryParse(text, out Host host));

        Assert.Equal("192.0.2.1", host.ToString());
        Assert.Null(host.Zone);
    }
}
