// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>baresip and linphone as the other side of our server and our phone: FIG. 3 and 4 with terminals that we did not write.</summary>
public sealed class RealPhonesTests
{
    private const double OurTone = 1000, TheirTone = 440;

    [Theory, InlineData("udp"), InlineData("tcp")]
    public async Task OurPhone_CallsIpv4OnlyBaresip_IsRedirectedOnceAndBothHear(string transport)
    {
        Baresip.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:bob@example.com") { Outbound = server.Uri(IpVersion.V4, transport) }],
            Address = IPAddress.Loopback,
            Tone = TheirTone,
        });
        await bob.RegisteredAsync(IpVersion.V4);
        await using var alice = Caller(server, "sip:bob@example.com", transport: transport);
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        await bob.EstablishedAsync();
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        Assert.Equal(1, alice.Redirects);
        Assert.Equal(1, bob.IncomingCalls);
        alice.Recorded().AssertTone(TheirTone);
        bob.Recorded().AssertTone(OurTone);
    }

    [Fact]
    public async Task OurPhone_CallsIpv4OnlyLinphone_IsRedirectedOnceAndBothHear()
    {
        Linphonec.SkipUnlessInstalled();
        await using var server = await IsthmusServer.StartAsync();
        await using var bob = await Linphonec.StartAsync(new LinphonecOptions
        {
            Identity = "sip:bob@example.com",
            Proxies = [new LinphoneProxy(server.Uri(IpVersion.V4))],
            Tone = TheirTone,
        });
        await bob.RegisteredAsync();
        await using var alice = Caller(server, "sip:bob@example.com");
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        Assert.Equal(1, alice.Redirects);
        Assert.Equal(1, bob.IncomingCalls);
        alice.Recorded().AssertTone(TheirTone);
        bob.Recorded().AssertTone(OurTone);
    }

    [Theory, InlineData("ipv4"), InlineData("ipv6")]
    public async Task OurPhone_CallsDualStackBaresip_ItRingsOnceAndBothHear(string mode)
    {
        Baresip.SkipUnlessInstalled();
        await IsthmusServer.SkipUnlessServingAsync();
        using var network = TestNetwork.Create();
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Host = network.AddHost("10.9.0.1/24", "fd09::1/64") });
        await using var bob = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts =
            [
                new BaresipAccount("sip:bob@example.com") { Outbound = server.Uri(IpVersion.V6) },
                new BaresipAccount("sip:bob@example.com") { Outbound = server.Uri(IpVersion.V4) },
            ],
            Host = network.AddHost("10.9.0.5/24", "fd09::5/64"),
            Tone = TheirTone,
        });
        await bob.RegisteredAsync(IpVersion.V4);
        await bob.RegisteredAsync(IpVersion.V6);
        await using var alice = Caller(server, "sip:bob@example.com", mode, host: network.AddHost(mode == "ipv4" ? "10.9.0.6/24" : "fd09::6/64"));
        Assert.Equal(mode == "ipv4" ? IpVersion.V4 : IpVersion.V6, await alice.EstablishedAsync());
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        Assert.Equal(0, alice.Redirects);
        Assert.Equal(1, bob.IncomingCalls);
        alice.Recorded().AssertTone(TheirTone);
        bob.Recorded().AssertTone(OurTone);
    }

    [Theory, InlineData("ipv4"), InlineData("ipv6")]
    public async Task OurPhone_CallsDualStackLinphone_ItRingsOnceAndBothHear(string mode)
    {
        Linphonec.SkipUnlessInstalled();
        await IsthmusServer.SkipUnlessServingAsync();
        using var network = TestNetwork.Create();
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Host = network.AddHost("10.9.0.1/24", "fd09::1/64") });

        // It answers in the version of its default account, whatever was offered: that account is the caller's version here.
        var first = mode == "ipv4" ? IpVersion.V4 : IpVersion.V6;
        var host = network.AddHost("10.9.0.5/24", "fd09::5/64");
        await using var bob = await Linphonec.StartAsync(new LinphonecOptions
        {
            Identity = "sip:bob@example.com",
            Proxies = [new LinphoneProxy(server.Uri(first)), new LinphoneProxy(server.Uri(first.Other))],
            Versions = IpVersions.Both,
            Address = host.V4,
            Host = host,
            Tone = TheirTone,
        });
        await bob.RegisteredAsync(proxies: 2);
        await using var alice = Caller(server, "sip:bob@example.com", mode, host: network.AddHost(mode == "ipv4" ? "10.9.0.6/24" : "fd09::6/64"));
        Assert.Equal(first, await alice.EstablishedAsync());
        Assert.Equal(0, await alice.ExitAsync());
        await bob.ClosedAsync();
        Assert.Equal(1, bob.IncomingCalls);
        alice.Recorded().AssertTone(TheirTone);
        bob.Recorded().AssertTone(OurTone);
    }

    [Fact]
    public async Task DualStackBaresip_CallsIpv4OnlyBaresipOnIpv6_IsRefusedOnce()
    {
        Baresip.SkipUnlessInstalled();
        await IsthmusServer.SkipUnlessServingAsync();
        using var network = TestNetwork.Create();
        await using var server = await IsthmusServer.StartAsync(new IsthmusServerOptions { Host = network.AddHost("10.9.0.1/24", "fd09::1/64") });
        await using var bob = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:bob@example.com") { Outbound = server.Uri(IpVersion.V4) }],
            Host = network.AddHost("10.9.0.6/24"),
        });
        await bob.RegisteredAsync(IpVersion.V4);
        await using var alice = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:alice@example.com") { Outbound = server.Uri(IpVersion.V6) }],
            Host = network.AddHost("10.9.0.5/24", "fd09::5/64"),
            Trace = true,
        });
        await alice.RegisteredAsync(IpVersion.V6);
        await alice.DialAsync("sip:bob@example.com");
        Assert.Contains("488", await alice.ClosedAsync(), StringComparison.Ordinal);
        Assert.Equal(1, alice.Output.Count(new("^INVITE ")));
        Assert.Equal(0, bob.Output.Count(new("Call established")));
    }

    private static IsthmusPhone Caller(IsthmusServer server, string callee, string mode = "both", string transport = "udp", TestHost? host = null) =>
        IsthmusPhone.Start(new IsthmusPhoneOptions
        {
            Command = ["call", callee, "--duration", "3"],
            Account = "sip:alice@example.com",
            Servers = [.. server.EndPoints.Where(endPoint => mode is "both" or "one-request" || mode.EndsWith((char)('0' + (int)endPoint.Address.Version))).Select(endPoint => endPoint.ToString())],
            Mode = mode,
            Transport = transport,
            Tone = OurTone,
            Host = host,
        });
}
