// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Hosting;

public sealed class DomainsTests
{
    private static readonly IPAddress[] Local = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Loopback, IPAddress.IPv6Loopback];

    [Theory]
    [InlineData("sip:alice@thishost", "sip:alice@thishost")]
    [InlineData("sip:alice@THISHOST.:5060;transport=tcp?x=y", "sip:alice@thishost")]
    [InlineData("sips:alice@thishost", "sip:alice@thishost")]
    [InlineData("sip:alice@127.0.0.1", "sip:alice@thishost")]
    [InlineData("sip:alice@[::1]", "sip:alice@thishost")]
    [InlineData("sip:alice@[0:0:0:0:0:0:0:1]", "sip:alice@thishost")]
    [InlineData("sip:alice@[::ffff:192.0.2.1]", "sip:alice@thishost")]
    [InlineData("sip:alice@192.0.2.1:5060", "sip:alice@thishost")]
    [InlineData("sip:alice@localhost", "sip:alice@thishost")]
    [InlineData("sip:%61lic%65@thishost", "sip:alice@thishost")]
    [InlineData("sip:a%20b@thishost", "sip:a%20b@thishost")]
    [InlineData("sip:192.0.2.1", null)]
    [InlineData("sip:alice@192.0.2.1:5061", null)]
    [InlineData("sip:alice@192.0.2.2", null)]
    [InlineData("sip:alice@elsewhere.example", null)]
    public void AorOf_NothingConfigured_OwnNamesAndAddressesAreOneDomain(string uri, string? aor) => AssertAor(aor, Of(ServerOptions.Default), uri);

    [Theory]
    [InlineData("sip:a@one.example", "sip:a@one.example", JudgeMethod.Carry)]
    [InlineData("sip:a@uno.example", "sip:a@one.example", JudgeMethod.Carry)]
    [InlineData("sip:a@[::1]", "sip:a@one.example", JudgeMethod.Carry)]
    [InlineData("sip:a@adv.example", "sip:a@one.example", JudgeMethod.Carry)]
    [InlineData("sip:a@adv.example:7000", "sip:a@one.example", JudgeMethod.Carry)]
    [InlineData("sip:a@two.example", "sip:a@two.example", JudgeMethod.Session)]
    [InlineData("sip:a@three.example", null, JudgeMethod.Session)]
    public void AorOf_Configured_IsTheDomainsFirstName(string uri, string? aor, JudgeMethod method)
    {
        Domains domains = Of(new ServerOptions
        {
            Judge = JudgeMethod.Session,
            Domains = [new() { Name = "one.example", Aliases = ["uno.example"], Judge = JudgeMethod.Carry }, new() { Name = "two.example" }],
            Listeners = [new() { Transport = SipTransport.Udp, Address = IPAddress.IPv6Any, Port = 5060, AdvertisedHost = "adv.example", AdvertisedPort = 7000 }],
        });

        AssertAor(aor, domains, uri);
        Assert.Equal(method, domains.MethodFor(Uri(uri)));
        Assert.Equal(method, domains.MethodFor(View(uri)));
    }

    [Theory]
    [InlineData("sip:127.0.0.1:5070;lr", true)]
    [InlineData("sip:127.0.0.1;lr", false)] // port 5060 is somebody else's
    [InlineData("sip:alice@127.0.0.1:5062", false)]
    [InlineData("sip:thishost;lr", true)]
    public void IsOwnHop_AddressWithoutPort_MeansTheDefaultPort(string uri, bool own)
    {
        Domains domains = Of(new ServerOptions { Listeners = [new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = 5070 }] });

        Assert.Equal(own, domains.IsOwnHop(Uri(uri)));
        Assert.Equal(own, domains.IsOwnHop(View(uri)));
    }

    [Theory]
    [InlineData("sip:alice@127.0.0.1:5060", true)]
    [InlineData("sip:alice@[::1]:5070", true)]
    [InlineData("sip:alice@127.0.0.1:5070", false)] // a phone on this host
    [InlineData("sip:alice@192.0.2.1:5060", false)]
    [InlineData("sip:alice@[2001:db8::1]:5080", true)]
    [InlineData("sip:alice@thishost:5070", true)]
    public void IsOurs_AddressWithAPort_WhereItIsListenedOn(string uri, bool ours)
    {
        Domains domains = Of(new ServerOptions
        {
            Listeners =
            [
                new() { Transport = SipTransport.Udp, Address = IPAddress.Loopback, Port = 5060 },
                new() { Transport = SipTransport.Udp, Address = IPAddress.IPv6Loopback, Port = 5070 },
                new() { Transport = SipTransport.Udp, Address = IPAddress.IPv6Any, Port = 5080 },
            ],
        });

        Assert.Equal(ours, domains.IsOurs(Uri(uri)));
        Assert.Equal(ours, domains.IsOwnHop(Uri(uri)));
        Assert.Equal(ours, domains.IsOurs(View(uri)));
        Assert.Equal(ours, domains.IsOwnHop(View(uri)));
    }

    [Fact]
    public void AorOf_AddressThatAppearsLater_IsOursAfterAWhile()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        List<IPAddress> addresses = [];
        var domains = new Domains(ServerOptions.Default, new LocalAddresses(time, () => addresses), "thishost");
        Assert.False(domains.IsOurs(Uri("sip:a@192.0.2.5")));

        addresses.Add(IPAddress.Parse("192.0.2.5"));
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.True(domains.IsOurs(Uri("sip:a@192.0.2.5")));
    }

    private static Domains Of(ServerOptions options) => new(options, new LocalAddresses(TimeProvider.System, () => Local), "thishost");

    private static void AssertAor(string? expected, Domains domains, string uri)
    {
        Assert.Equal(expected, domains.AorOf(Uri(uri)));
        Span<byte> target = stackalloc byte[256];
        Assert.Equal(expected is not null, domains.TryWriteAor(View(uri), target, out int length));
        Assert.Equal(expected ?? "", System.Text.Encoding.UTF8.GetString(target[..length]));
    }

    private static SipUriView View(string text)
    {
        Assert.True(SipUriView.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out SipUriView uri));
        return uri;
    }

    private static SipUri Uri(string text)
    {
        Assert.True(SipUri.TryParse(text, out SipUri? uri));
        return uri;
    }
}
