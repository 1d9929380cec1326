// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>That the programs we test with do what their drivers say, before any server of ours is in the way.</summary>
public sealed class DriverTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Baresip_CallsBaresip_BothHearTheOther(string loopback)
    {
        var address = IPAddress.Parse(loopback);
        await using var callee = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount($"sip:carol@{Text(address)}")], Address = address, Tone = 440 });
        await using var caller = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount($"sip:alice@{Text(address)}")], Address = address, Tone = 700 });
        await caller.DialAsync($"sip:carol@{new IPEndPoint(address, callee.Port)}");
        await caller.EstablishedAsync();
        await callee.EstablishedAsync();
        await caller.HearsAsync();
        await callee.HearsAsync();
        await caller.HangUpAsync();
        await callee.ClosedAsync();
        caller.Recorded().AssertTone(440);
        callee.Recorded().AssertTone(700);
        Assert.Equal(1, callee.IncomingCalls);
    }

    [Fact]
    public async Task Baresip_CalledOnTheOtherVersion_Answers488()
    {
        var address = IPAddress.Loopback;
        await using var callee = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount("sip:carol@127.0.0.1")], Address = address });
        await using var caller = await Sipp.StartAsync(new SippOptions
        {
            Scenario = SippScenario.RefusedCaller("IP6 ::1", 488),
            Address = address,
            Remote = new IPEndPoint(address, callee.Port),
            Service = "carol",
            Keys = new Dictionary<string, string> { ["domain"] = $"127.0.0.1:{callee.Port}" },
        });
        (await caller.ResultAsync()).AssertAllSucceeded(1);
    }

    [Fact]
    public async Task Linphone_CallsBaresip_BothHearTheOther()
    {
        Linphonec.SkipUnlessInstalled();
        var address = IPAddress.Loopback;
        await using var callee = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount("sip:carol@127.0.0.1")], Address = address, Tone = 440 });
        await using var caller = await Linphonec.StartAsync(new LinphonecOptions { Identity = "sip:alice@127.0.0.1", Tone = 700 });
        await caller.DialAsync($"sip:carol@127.0.0.1:{callee.Port}");
        await caller.EstablishedAsync();
        await caller.HearsAsync();
        await callee.HearsAsync();
        await caller.HangUpAsync();
        await callee.ClosedAsync();
        await caller.ClosedAsync();
        caller.Recorded().AssertTone(440);
        callee.Recorded().AssertTone(700);
    }

    [Fact]
    public async Task Baresip_CallsLinphone_BothHearTheOther()
    {
        Baresip.SkipUnlessInstalled();
        await using var callee = await Linphonec.StartAsync(new LinphonecOptions { Identity = "sip:carol@127.0.0.1", Tone = 700 });
        await using var caller = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount("sip:alice@127.0.0.1")], Address = IPAddress.Loopback, Tone = 440 });
        await caller.DialAsync($"sip:carol@127.0.0.1:{callee.Port}");
        await caller.EstablishedAsync();
        await caller.HearsAsync();
        await callee.HearsAsync();
        await caller.HangUpAsync();
        await callee.ClosedAsync();
        caller.Recorded().AssertTone(700);
        callee.Recorded().AssertTone(440);
        Assert.Equal(1, callee.IncomingCalls);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("127.0.0.1", true)]
    public async Task Sipp_CallsSipp_EveryCallSucceeds(string loopback, bool tcp)
    {
        var address = IPAddress.Parse(loopback);
        await using var callee = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Callee, Address = address, Calls = 20, Tcp = tcp });
        await using var caller = await Sipp.StartAsync(new SippOptions
        {
            Scenario = SippScenario.Caller,
            Address = address,
            Remote = callee.Local,
            Calls = 20,
            Rate = 20,
            Tcp = tcp,
            Keys = new Dictionary<string, string> { ["domain"] = callee.Local.ToString() },
        });
        (await caller.ResultAsync()).AssertAllSucceeded(20);
        (await callee.ResultAsync()).AssertAllSucceeded(20);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Baresip_WithAProxy_Registers(string loopback)
    {
        var address = IPAddress.Parse(loopback);
        Baresip.SkipUnlessInstalled();
        await using var registrar = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Registrar, Address = address, Calls = 10 });
        await using var phone = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:alice@example.com") { Outbound = $"sip:{registrar.Local}" }],
            Address = address,
        });
        await phone.RegisteredAsync(loopback == "::1" ? IpVersion.V6 : IpVersion.V4);
    }

    [Fact]
    public async Task Linphone_WithAProxy_Registers()
    {
        Linphonec.SkipUnlessInstalled();
        await using var registrar = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Registrar, Address = IPAddress.Loopback, Calls = 10 });
        await using var phone = await Linphonec.StartAsync(new LinphonecOptions { Identity = "sip:alice@example.com", Proxies = [new LinphoneProxy($"sip:{registrar.Local}")] });
        await phone.RegisteredAsync();
    }

    [Fact]
    public async Task DualStackPhones_OnAHostOfTheirOwn_RegisterOnBothVersions()
    {
        Sipp.SkipUnlessInstalled();
        Baresip.SkipUnlessInstalled();
        Linphonec.SkipUnlessInstalled();
        using var network = TestNetwork.Create();
        var server = network.AddHost("10.9.0.1/24", "fd09::1/64");
        var dual = network.AddHost("10.9.0.5/24", "fd09::5/64");
        var other = network.AddHost("10.9.0.6/24", "fd09::6/64");
        await using var v4 = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Registrar, Address = server.V4, Port = 5060, Host = server, Calls = 20 });
        await using var v6 = await Sipp.StartAsync(new SippOptions { Scenario = SippScenario.Registrar, Address = server.V6, Port = 5060, Host = server, Calls = 20 });
        await using var baresip = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts =
            [
                new BaresipAccount("sip:alice@example.com") { Outbound = $"sip:[{server.V6}]" },
                new BaresipAccount("sip:alice@example.com") { Outbound = $"sip:{server.V4}" },
            ],
            Host = dual,
        });
        await baresip.RegisteredAsync(IpVersion.V6);
        await baresip.RegisteredAsync(IpVersion.V4);
        await using var linphone = await Linphonec.StartAsync(new LinphonecOptions
        {
            Identity = "sip:carol@example.com",
            Proxies = [new LinphoneProxy($"sip:[{server.V6}]"), new LinphoneProxy($"sip:{server.V4}")],
            Versions = IpVersions.Both,
            Address = other.V4,
            Host = other,
        });
        await linphone.RegisteredAsync(proxies: 2);
    }

    [Fact]
    public async Task FailedCall_IsSeen_WithItsReason()
    {
        var address = IPAddress.Loopback;
        await using var caller = await Baresip.StartAsync(new BaresipOptions { Accounts = [new BaresipAccount("sip:alice@127.0.0.1")], Address = address });
        await using var callee = await Baresip.StartAsync(new BaresipOptions
        {
            Accounts = [new BaresipAccount("sip:carol@127.0.0.1") { AnswersAtOnce = false }],
            Address = address,
        });
        await caller.DialAsync($"sip:carol@127.0.0.1:{callee.Port}");
        await callee.RingsAsync();
        await callee.HangUpAsync();
        Assert.Contains("486", await caller.ClosedAsync(), StringComparison.Ordinal);
    }

    private static string Text(IPAddress address) => address.ToString() is var text && text.Contains(':') ? $"[{text}]" : text;
}
