// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Explaining;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Isthmus.Tests.Server.Hosting;
using Isthmus.Tests.Server.Location;
using Isthmus.Tests.Stack.Resolution;

namespace Isthmus.Tests.Server.Explaining;

public sealed class ExplainerTests
{
    private const string Alice = "sip:alice@example.com";

    [Fact]
    public void Explain_LocalUser_ItsBindingsAndAVerdictForEachVersion() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);

        Explanation explanation = await Live(s).ExplainAsync(new("sip:bob@example.com"), default);

        Assert.Equal(("location", null), (explanation.Way, explanation.Answer));
        Assert.Equal($"sip:bob@{bob.Local}", Assert.Single(explanation.Bindings).Contact);
        Assert.Equal(
            ["IPv6 IPv6 refuse IPv4 CallerLacksVersion []", $"IPv4 IPv4 forward IPv4 ArrivalShared [sip:bob@{bob.Local} (IPv4)]"],
            explanation.Calls.Select(Text));
        Assert.Equal("488: IPv4 would be needed: the caller is not known to have it", explanation.Calls[0].Says);
    });

    [Fact]
    public void Explain_UserWithAnAddressInAnotherDomain_ItsServersBesideTheDevices() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        bob.Send(bob.Request("REGISTER", "sip:example.com", $"Contact: {bob.Contact}, <sip:robert@b.example>\nExpires: 3600", to: "<sip:bob@example.com>"));
        await bob.Expect("200");
        s.Dns.Address("b.example", "2001:db8::50");

        Explanation explanation = await Live(s).ExplainAsync(new("sip:bob@example.com"), default);

        Assert.Equal(["sip:robert@b.example"], explanation.Bindings.Select(binding => binding.Device).Where(device => !device.StartsWith("call-id:", StringComparison.Ordinal)));
        Assert.Equal(2, explanation.Bindings.Count);
        Assert.Equal("[2001:db8::50]:5060", Assert.Single(explanation.Targets).Address);
        Assert.Contains(explanation.LookUps, look => look is { Name: "b.example", Type: "AAAA" });
        Assert.Contains($"IPv4 IPv4 forward IPv4 ArrivalShared [sip:bob@{bob.Local} (IPv4)]", explanation.Calls.Select(Text));
        Assert.Contains("IPv6 IPv6 forward IPv6 ArrivalShared [sip:robert@b.example at [2001:db8::50]:5060 by udp]", explanation.Calls.Select(Text));
    });

    [Theory]
    [InlineData("sip:nobody@example.com", "404 Not Found: never registered")]
    [InlineData("sip:example.com", "404 No User In Request-URI")]
    [InlineData("tel:+1", "416 Unsupported URI Scheme")]
    [InlineData("sip:x@nowhere.example", "404 Domain Does Not Exist")]
    [InlineData("sip:x@192.0.2.1:5060;maddr=192.0.2.1", "404 Not Found: it would come straight back")]
    public void Explain_WhatLeadsNowhere_TheAnswer(string uri, string answer) => ServerWorld.Play(async s =>
        Assert.Equal(answer, (await Live(s).ExplainAsync(new(uri), default)).Answer));

    [Fact]
    public void Explain_Domain_TheAnswersOfDnsTheServersAndWhatTheJudgeSays() => ServerWorld.Play(async s =>
    {
        ScriptedUa six = s.Ua("alice", "2001:db8::10");
        await s.Register(six, "", "Supported: ip-redirect");
        s.Dns.Naptr("b.example", 10, 20, "SIP+D2U", "_sip._udp.b.example").Srv("_sip._udp.b.example", 10, 60, 5062, "s1.b.example", 120).Srv("_sip._udp.b.example", 20, 0, 5060, "s2.b.example", 120)
            .Address("s1.b.example", "192.0.2.61", 60).Address("s2.b.example", "192.0.2.62").Address("s2.b.example", "2001:db8::62");
        s.Proxy.Health.Failed(SipTransport.Udp, IPEndPoint.Parse("192.0.2.61:5062"));

        Explanation explanation = await Live(s).ExplainAsync(new("sip:bob@b.example", Alice, IpVersions.V4), default);

        Assert.Equal(("dns", null, null), (explanation.Way, explanation.Peer, explanation.Answer));
        Assert.Equal("sip:alice@example.com: registered, has IPv6, follows redirects", explanation.Caller);
        Assert.Contains("allowed", explanation.Relay, StringComparison.Ordinal);
        Assert.Contains(explanation.LookUps, look => look is { Name: "b.example", Type: "NAPTR", TimeToLive: 300 } && look.Records is ["10 20 \"s\" \"SIP+D2U\" _sip._udp.b.example"]);
        Assert.Contains(explanation.LookUps, look => look is { Name: "_sip._udp.b.example", TimeToLive: 120, Source: "Resolver" } && look.Records is ["10 60 5062 s1.b.example", "20 0 5060 s2.b.example"]);
        Assert.Contains(explanation.LookUps, look => look is { Name: "s1.b.example", Type: "AAAA", Status: "Ok", Records.Count: 0 });
        Assert.Equal(
            ["0 192.0.2.61:5062 bad 60", "1 [2001:db8::62]:5060 unknown 120", "1 192.0.2.62:5060 unknown 120"],
            explanation.Targets.Select(target => $"{target.Rank} {target.Address} {target.Health} {target.TimeToLive}"));
        Assert.Equal(["IPv6 IPv4 forward IPv4 SessionShared [192.0.2.62:5060 by udp, [2001:db8::62]:5060 by udp, 192.0.2.61:5062 by udp]"], explanation.Calls.Select(Text));
    });

    [Fact]
    public void Explain_Peer_ItsEntryAndItsMethod() => ServerWorld.Play(
        async s =>
        {
            Explanation explanation = await Live(s).ExplainAsync(new("sip:bob@b.example", "sip:x@c.example"), default);

            Assert.Equal(("peer", "sip:x@c.example: of another domain"), (explanation.Way, explanation.Caller));
            Assert.Equal(("*.example", "both", "session", true), (explanation.Peer!.Domain, explanation.Peer.IpVersion, explanation.Peer.Judge, explanation.Peer.Trusted));
            Assert.Equal(["192.0.2.50"], explanation.Peer.Targets);
            Assert.Contains("trusted peers *.example", explanation.Relay, StringComparison.Ordinal);
            Assert.Equal(["IPv6 IPv6 redirect IPv4 SessionNotShared []", "IPv4 IPv4 forward IPv4 SessionShared [192.0.2.50:5060 by udp]"], explanation.Calls.Select(Text));
            Assert.Null(Assert.Single(explanation.Targets).TimeToLive);
        },
        new ServerOptions { Peers = [new PeerOptions { Domain = "*.example", Targets = [PeerTarget.Parse("192.0.2.50")!], Judge = JudgeMethod.Session, IsTrusted = true }] });

    [Fact]
    public void Explain_BothOffered_IsIce() => ServerWorld.Play(async s =>
    {
        Explanation explanation = await Live(s).ExplainAsync(new("sip:bob@192.0.2.77", Offer: IpVersions.Both), default);
        Assert.Equal(("address", "ICE ICE"), (explanation.Way, string.Join(' ', explanation.Calls.Select(call => call.Offer))));
    });

    [Fact]
    public void Explain_Offline_ByTheConfigurationAlone()
    {
        using var world = new World();
        MemoryHost host = world.Network.Host("server", "192.0.2.1");
        var options = new ServerOptions
        {
            Domains = [new DomainOptions { Name = "example.com" }],
            Judge = JudgeMethod.Arrival,
            Listeners = ServerOptions.DefaultListeners(5060),
        };
        FakeDns dns = new FakeDns().Address("b.example", "192.0.2.50").Address("b.example", "2001:db8::50");
        world.Run(async () =>
        {
            Explanation away = await OfflineExplainer.ExplainAsync(options, new("sip:bob@b.example", Alice), dns, host, world.Time);
            Assert.Equal("192.0.2.50:5060", Assert.Single(away.Targets).Address); // the host has no IPv6
            Assert.Equal("sip:alice@example.com: whether it is registered only a running server knows", away.Caller);
            Assert.Equal(["IPv4 IPv4 forward IPv4 ArrivalShared [192.0.2.50:5060 by udp]"], away.Calls.Select(Text));
            Assert.Contains("\"way\":\"dns\"", away.ToJson(), StringComparison.Ordinal);

            Explanation here = await OfflineExplainer.ExplainAsync(options, new("sip:bob@example.com"), dns, host, world.Time);
            Assert.Equal("depends on who is registered, which only a running server knows", here.Answer);
            Assert.Equal("not known: nothing is kept when the server does not run", here.Registered);
        });
    }

    [Fact]
    public async Task Explain_Offline_TheBindingsThatAServerHasLeftAndNothingOfTheStoreChanges()
    {
        using var folder = new TemporaryFolder();
        ServerOptions options = IsthmusServerTests.Loopback(store: folder["isthmus.db"]);
        var question = new ExplainQuestion("sip:bob@localhost", "sip:alice@localhost");
        string contact;
        await using (IsthmusServer server = (await IsthmusServer.StartAsync(options)).Server!)
        {
            using var phone = new RegisteringClient(IsthmusServerTests.UdpOf(server, "127.0.0.1"));
            Assert.Equal(200, (await phone.RegisterAsync("bob")).StatusCode);
            contact = $"sip:bob@{phone.SentBy}";

            Explanation running = await OfflineExplainer.ExplainAsync(options, question, new FakeDns());
            Assert.Contains("is in use by a running server; ask that one", running.Registered, StringComparison.Ordinal);
            Assert.Empty(running.Bindings);
        }

        string[] Files() => [.. Directory.GetFiles(folder.Path).Order().Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
        string[] before = Files();
        Explanation left = await OfflineExplainer.ExplainAsync(options, question, new FakeDns());

        Assert.Equal($"as the store {folder["isthmus.db"]} has it; no server runs on it", left.Registered);
        Assert.Equal(contact, Assert.Single(left.Bindings).Contact);
        Assert.Equal("sip:alice@localhost: not registered here", left.Caller);
        Assert.Contains(left.Calls, call => call is { Arrival: "IPv4", Verdict: "forward", Order: [var way] } && way == $"{contact} (IPv4)");
        Assert.Equal("404 Not Found: never registered", (await OfflineExplainer.ExplainAsync(options, new("sip:nobody@localhost"), new FakeDns())).Answer);
        Assert.Equal(before, Files());

        await File.WriteAllTextAsync(folder["isthmus.db"], "no database", TestContext.Current.CancellationToken);
        Assert.Contains("not known: ", (await OfflineExplainer.ExplainAsync(options, question, new FakeDns())).Registered, StringComparison.Ordinal);
    }

    private static Explainer Live(ServerWorld s) =>
        new(s.Domains, s.Proxy.Directory, s.Proxy.Health, () => IpVersions.Both, new KnownUsers(s.Location, s.Proxy.Callees.Of, s.World.Time));

    private static string Text(ExplainedCall call) => $"{call.Arrival} {call.Offer} {call.Verdict} {call.Version} {call.Reason} [{string.Join(", ", call.Order)}]";
}
