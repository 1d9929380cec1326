// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Testing;
using Isthmus.Tests.Stack.Resolution;

namespace Isthmus.Tests.Phone;

public sealed class ServerSearchTests
{
    private readonly FakeDns _dns = new();

    [Fact]
    public void Find_Domain_ItsServersInTheirOrder()
    {
        _dns.Naptr("a.example", 10, 0, "SIP+D2T", "_sip._tcp.a.example").Naptr("a.example", 20, 0, "SIP+D2U", "_sip._udp.a.example")
            .Srv("_sip._udp.a.example", 20, 0, 5062, "two.a.example").Srv("_sip._udp.a.example", 10, 0, 5061, "one.a.example").Srv("_sip._tcp.a.example", 1, 0, 5070, "one.a.example")
            .Address("one.a.example", "192.0.2.1").Address("one.a.example", "2001:db8::1").Address("two.a.example", "192.0.2.2");
        Assert.Equal(["Udp [2001:db8::1]:5061", "Udp 192.0.2.1:5061", "Udp 192.0.2.2:5062"], Find("a.example", ["192.0.2.9", "2001:db8::9"]));
    }

    [Fact]
    public void Find_TransportOfItsOwnForEachVersion_EachBySrvOfItsOwn()
    {
        _dns.Srv("_sip._udp.a.example", 10, 0, 5061, "s.a.example").Srv("_sip._tcp.a.example", 10, 0, 5062, "s.a.example").Address("s.a.example", "192.0.2.1").Address("s.a.example", "2001:db8::1");
        Assert.Equal(["Tcp [2001:db8::1]:5062", "Udp 192.0.2.1:5061"], Find("a.example", ["192.0.2.9", "2001:db8::9"], SipTransport.Udp, SipTransport.Tcp));
    }

    [Theory]
    [InlineData("s.example:5070", "Udp 192.0.2.1:5070")]
    [InlineData("s.example", "Udp 192.0.2.1:5060")]
    [InlineData("localhost", "Udp 127.0.0.1:5060")]
    public void Find_HostOfOneVersionOnly_OnlyThatOne(string server, string expected)
    {
        _dns.Address("s.example", "192.0.2.1").Address("s.example", "2001:db8::1");
        Assert.Equal([expected], Find(server, ["192.0.2.9"]));
    }

    [Fact]
    public void Find_Nothing_Empty() => Assert.Empty(Find("nowhere.example", ["192.0.2.9"]));

    private IEnumerable<string> Find(string server, string[] addresses, SipTransport ipv4 = SipTransport.Udp, SipTransport ipv6 = SipTransport.Udp)
    {
        using var world = new World();
        var search = new ServerSearch(_dns, world.Network.Host("phone", addresses), world.Time, ipv4, ipv6);
        Assert.True(HostPort.TryParse(server, out HostPort host));
        return world.Run(() => search.FindAsync(host)).Select(found => $"{found.Transport} {found.EndPoint}");
    }
}
