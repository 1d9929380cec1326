// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class SipLocatorTests
{
    private readonly Locating _locating = new();

    private FakeDns Dns => _locating.Dns;

    [Theory]
    [InlineData("sip:a@192.0.2.1", "udp 192.0.2.1:5060")]
    [InlineData("sip:a@192.0.2.1:5070", "udp 192.0.2.1:5070")]
    [InlineData("sip:a@[2001:db8::1]", "udp [2001:db8::1]:5060")]
    [InlineData("sip:a@[2001:db8::1]:5070;transport=tcp", "tcp [2001:db8::1]:5070")]
    [InlineData("sip:a@[::ffff:192.0.2.1]", "udp 192.0.2.1:5060")]
    [InlineData("sip:192.0.2.1;transport=tls", "tls 192.0.2.1:5061")]
    [InlineData("sip:192.0.2.1;transport=ws", "ws 192.0.2.1:80")]
    [InlineData("sips:a@192.0.2.1", "tls 192.0.2.1:5061")]
    [InlineData("sips:a@192.0.2.1;transport=tcp", "tls 192.0.2.1:5061")]
    [InlineData("sips:a@192.0.2.1;transport=ws", "wss 192.0.2.1:443")]
    [InlineData("sips:a@192.0.2.1;transport=udp", "TransportNotSupported")]
    [InlineData("sip:a@192.0.2.1;transport=sctp", "TransportNotSupported")]
    [InlineData("sip:a@example.com;maddr=192.0.2.9", "udp 192.0.2.9:5060")]
    [InlineData("sip:a@example.com:5071;maddr=[2001:db8::9]", "udp [2001:db8::9]:5071")]
    [InlineData("sip:localhost:5071", "udp [::1]:5071, udp 127.0.0.1:5071")]
    public async Task Locate_NumericTarget_AsksNoDns(string uri, string expected)
    {
        foreach (var transport in Enum.GetValues<SipTransport>())
        {
            _locating.Reach.Listeners[transport] = IpVersions.Both;
        }
        Assert.Equal(expected, await _locating.ListAsync(uri));
        Assert.Empty(Dns.Asked);
    }

    [Fact]
    public async Task Locate_SecureRequestByARouteThatIsNot_GoesByTls()
    {
        _locating.Reach.Listeners[SipTransport.Tls] = IpVersions.Both;
        Assert.Equal("tls 192.0.2.1:5061", await _locating.ListAsync("sip:192.0.2.1;lr", isSecure: true));
    }

    [Fact]
    public async Task Locate_SipsWithoutTls_IsNotSupported() => Assert.Equal(LocateFailure.TransportNotSupported, (await _locating.FindAsync("sips:example.com")).Failure);

    [Fact]
    public async Task Locate_Pointers_FollowsTheFirstOfOurs()
    {
        Dns.Naptr("example.com", 50, 50, "SIPS+D2T", "_sips._tcp.example.com").Naptr("example.com", 90, 60, "SIP+D2U", "_sip._udp.example.com")
            .Naptr("example.com", 90, 50, "sip+d2t", "_sip._tcp.farm.example.net", "S").Naptr("example.com", 10, 10, "E2U+sip", "example.com", "u")
            .Srv("_sip._tcp.farm.example.net", 0, 0, 5070, "one.example.net")
            .Srv("_sip._udp.example.com", 0, 0, 5060, "two.example.net")
            .Address("one.example.net", "192.0.2.1").Address("one.example.net", "2001:db8::1").Address("two.example.net", "192.0.2.2");

        Assert.Equal("tcp [2001:db8::1]:5070, tcp 192.0.2.1:5070", await _locating.ListAsync("sip:bob@EXAMPLE.com"));
        Assert.Equal(0, Dns.Count("_sips._tcp.example.com", DnsType.Srv));
    }

    [Fact]
    public async Task Locate_PointersOfASipsUri_TakesSecureOnesOnly()
    {
        _locating.Reach.Listeners[SipTransport.Tls] = IpVersions.Both;
        Dns.Naptr("example.com", 10, 50, "SIP+D2T", "_sip._tcp.example.com").Naptr("example.com", 90, 50, "SIPS+D2T", "_sips._tcp.example.com")
            .Srv("_sip._tcp.example.com", 0, 0, 5060, "one.example.com").Srv("_sips._tcp.example.com", 0, 0, 5061, "one.example.com")
            .Address("one.example.com", "192.0.2.1");
        Assert.Equal("tls 192.0.2.1:5061", await _locating.ListAsync("sips:example.com"));
        Assert.Equal("tcp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_PointerThatLeadsNowhere_TakesTheNextThenTheServicesOfTheDomain()
    {
        Dns.Naptr("example.com", 1, 1, "SIP+D2T", "_sip._tcp.gone.example").Srv("_sip._udp.example.com", 0, 0, 5062, "one.example.com").Address("one.example.com", "192.0.2.1");
        Assert.Equal("udp 192.0.2.1:5062", await _locating.ListAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_PointersUnanswered_GoesOnToServices()
    {
        Dns.Hold("example.com", DnsType.Naptr).Srv("_sip._udp.example.com", 0, 0, 5060, "one.example.com").Address("one.example.com", "192.0.2.1");
        var start = _locating.Time.GetUtcNow();
        var located = _locating.StartAsync("sip:example.com");
        Assert.False(located.IsCompleted);
        await _locating.JumpAsync(TimeSpan.FromSeconds(1.5), start);
        Assert.Equal("udp 192.0.2.1:5060", Locating.Text(await located));
        Assert.Equal(DnsStatus.TimedOut, _locating.Trail[0].Status);
    }

    [Fact]
    public async Task Locate_NoPointers_PrefersUdpAmongServices()
    {
        Dns.Srv("_sip._udp.example.com", 0, 0, 5060, "one.example.com").Srv("_sip._tcp.example.com", 0, 0, 5060, "one.example.com").Address("one.example.com", "192.0.2.1");
        Assert.Equal("udp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_NoPointers_TakesTheTransportThatIsThere()
    {
        Dns.Srv("_sip._tcp.example.com", 0, 0, 5060, "one.example.com").Address("one.example.com", "192.0.2.1");
        Assert.Equal("tcp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_NamedTransport_AsksForThatServiceOnly()
    {
        Dns.Naptr("example.com", 1, 1, "SIP+D2U", "_sip._udp.example.com").Srv("_sip._tcp.example.com", 0, 0, 5064, "one.example.com").Address("one.example.com", "192.0.2.1");
        Assert.Equal("tcp 192.0.2.1:5064", await _locating.ListAsync("sip:example.com;transport=tcp"));
        Assert.Equal([("_sip._tcp.example.com", DnsType.Srv), ("one.example.com", DnsType.Aaaa), ("one.example.com", DnsType.A)], Dns.Asked);
    }

    [Fact]
    public async Task Locate_Port_AsksForAddressesOnly()
    {
        Dns.Srv("_sip._udp.example.com", 0, 0, 5064, "one.example.com").Address("example.com", "192.0.2.1").Address("example.com", "2001:db8::1");
        Assert.Equal("udp [2001:db8::1]:5060, udp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com:5060"));
        Assert.Equal(2, Dns.Asked.Count);
    }

    [Fact]
    public async Task Locate_NoServices_TakesTheAddressesOfTheDomain()
    {
        Dns.Address("example.com", "192.0.2.1").Address("example.com", "2001:db8::1");
        var located = await _locating.FindAsync("sip:example.com.");
        Assert.Equal("udp [2001:db8::1]:5060, udp 192.0.2.1:5060", Locating.Text(located));
        Assert.Equal(("example.com", IpVersions.Both, false), (located.Domain, located.Versions, located.IsPartial));
        Assert.All(located.Targets, target => Assert.Equal(("example.com", 0, TimeSpan.FromSeconds(300)), (target.HostName, target.Group, target.TimeToLive)));
    }

    [Fact]
    public async Task Locate_ExampleOfRfc7984_KeepsTheHostsApart()
    {
        Dns.Srv("_sip._tcp.example.com", 20, 1, 5060, "sip-2.example.com").Srv("_sip._tcp.example.com", 10, 1, 5060, "sip-1.example.com", seconds: 30);
        string[] one = ["2001:db8:58:c02::face", "2001:db8:c:a06::2:cafe", "2001:db8:44:204::d1ce", "192.0.2.45", "203.0.113.109", "198.51.100.24"];
        string[] two = ["2001:db8:58:c02::dead", "2001:db8:c:a06::2:beef", "2001:db8:44:204::c0de", "192.0.2.75", "203.0.113.38", "198.51.100.140"];
        foreach (var (first, second) in one.Zip(two))
        {
            Dns.Address("sip-1.example.com", first).Address("sip-2.example.com", second);
        }
        var located = await _locating.FindAsync("sip:example.com;transport=tcp");
        Assert.Equal([.. one, .. two], located.Targets.Select(target => target.EndPoint.Address.ToString()));
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], located.Targets.Select(target => target.Group));
        Assert.All(located.Targets, target => Assert.Equal(TimeSpan.FromSeconds(30), target.TimeToLive));
    }

    [Fact]
    public async Task Locate_VersionWithoutListener_IsLeftOutButKnown()
    {
        _locating.Reach.Listeners[SipTransport.Udp] = IpVersions.V4;
        Dns.Address("example.com", "192.0.2.1").Address("example.com", "2001:db8::1");
        var located = await _locating.FindAsync("sip:example.com;transport=udp");
        Assert.Equal("udp 192.0.2.1:5060", Locating.Text(located));
        Assert.Equal(IpVersions.Both, located.Versions);
    }

    [Fact]
    public async Task Locate_TransportWithoutListenerOfThatVersion_TakesTheNextTransport()
    {
        _locating.Reach.Listeners[SipTransport.Udp] = IpVersions.V4;
        Dns.Address("example.com", "2001:db8::1");
        Assert.Equal("tcp [2001:db8::1]:5060", await _locating.ListAsync("sip:example.com"));
        Assert.Equal("tcp [2001:db8::1]:5060", await _locating.ListAsync("sip:[2001:db8::1]"));
    }

    [Fact]
    public async Task Locate_OneHostByTwoServices_IsTriedOnce()
    {
        Dns.Srv("_sip._udp.example.com", 1, 0, 5060, "one.example.com").Srv("_sip._udp.example.com", 2, 0, 5060, "two.example.com")
            .Address("one.example.com", "192.0.2.1").Address("two.example.com", "192.0.2.1").Address("two.example.com", "192.0.2.2");
        Assert.Equal("udp 192.0.2.1:5060, udp 192.0.2.2:5060", await _locating.ListAsync("sip:example.com"));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.1.75")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ff02::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:192.0.2.1")]
    public async Task Locate_AddressThatIsNobodys_IsLeftOut(string address)
    {
        Dns.Address("example.com", address);
        Assert.Equal(LocateFailure.NoAddress, (await _locating.FindAsync("sip:example.com:5060")).Failure);
    }

    [Fact]
    public async Task Locate_Trail_SaysWhatWasAskedAndWhereTheAnswersCameFrom()
    {
        Dns.Address("example.com", "192.0.2.1");
        await _locating.FindAsync("sip:example.com");
        Assert.Equal(5, _locating.Trail.Count);
        Assert.All(_locating.Trail, step => Assert.Equal(DnsSource.Resolver, step.Source));
        _locating.Trail.Clear();
        await _locating.FindAsync("sip:example.com");
        Assert.All(_locating.Trail, step => Assert.Equal(DnsSource.Cache, step.Source));
        Assert.Equal(5, Dns.Asked.Count);
    }

    [Fact]
    public async Task Locate_Cancelled_Throws()
    {
        Dns.IsSilent = true;
        using var cancel = new CancellationTokenSource();
        var located = _locating.StartAsync("sip:example.com", cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => located);
    }

    [Theory]
    [InlineData("192.0.2.1", SipTransport.Udp, "udp 192.0.2.1:5060")]
    [InlineData("[2001:db8::1]:5070", SipTransport.Tcp, "tcp [2001:db8::1]:5070")]
    [InlineData("example.com:5070", SipTransport.Tcp, "tcp 192.0.2.99:5070")]
    [InlineData("example.com", SipTransport.Udp, "udp 192.0.2.2:5062")]
    [InlineData("example.com", SipTransport.Tls, "tls 192.0.2.2:5063")]
    public async Task Locate_SentByOfAVia_GoesByItsTransport(string sentBy, SipTransport transport, string expected)
    {
        _locating.Reach.Listeners[SipTransport.Tls] = IpVersions.Both;
        Dns.Naptr("example.com", 1, 1, "SIP+D2T", "_sip._tcp.other.example").Srv("_sip._udp.example.com", 0, 0, 5062, "two.example.com")
            .Srv("_sips._tcp.example.com", 0, 0, 5063, "two.example.com").Address("two.example.com", "192.0.2.2").Address("example.com", "192.0.2.99");
        Assert.True(HostPort.TryParse(sentBy, out var name));
        Assert.Equal(expected, Locating.Text(await _locating.Locator.LocateAsync(name, transport)));
    }

    [Fact]
    public async Task Locate_ManyCallersToFiftyDomains_AskEachQuestionOnce()
    {
        for (int i = 0; i < 50; i++)
        {
            Dns.Srv($"_sip._udp.d{i}.example", 0, 0, 5060, $"sip.d{i}.example").Address($"sip.d{i}.example", $"192.0.2.{i}").Address($"sip.d{i}.example", $"2001:db8::{i:x}");
        }
        var domains = Enumerable.Range(0, 50).Select(i => SipUri.TryParse($"sip:d{i}.example", out var uri) ? uri : throw new InvalidOperationException()).ToList();
        var located = new LocateResult[5000];
        var locator = new SipLocator(new LocatorOptions(), Dns, _locating.Reach, _locating.Time);
        await Parallel.ForAsync(0, located.Length, async (i, cancel) => located[i] = await locator.LocateAsync(domains[i % 50], cancellationToken: cancel));
        Assert.All(located, result => Assert.Equal(2, result.Targets.Count));
        Assert.Equal(50 * 5, Dns.Asked.Count);
    }
}
