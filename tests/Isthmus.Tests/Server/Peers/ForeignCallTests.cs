// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Peers;

/// <summary>Calls to another domain, whose server is a scripted user agent: found by DNS or by the peer table, judged, carried.</summary>
public sealed class ForeignCallTests
{
    private const string Bob = "sip:bob@b.example";
    private const string Follows = "Supported: ip-redirect";

    private static readonly ServerOptions Peered = new()
    {
        Peers = [new PeerOptions { Domain = "b.example", Targets = [PeerTarget.Parse("192.0.2.50")!], Transport = SipTransport.Udp }],
    };

    [Fact]
    public void Domain_InDns_IsCalledAndTheDialogGoesOn() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50");
        (RawMessage invite, RawMessage ok) = await s.Call(alice, far, Bob, ServerWorld.OfferV4);
        alice.Send(alice.InDialog("BYE", invite, ok, cseq: 2));
        far.Respond(await far.Expect("BYE"), 200);
        await alice.Expect("200");
        Assert.Equal(0, s.Proxy.Waiting.Taken);
    });

    [Fact]
    public void Domain_NotInTheCache_TryingComesFirstAndTheCallGoesOn() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50", isWarm: false);
        s.Dns.Hold("sip.b.example", DnsType.A);
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        await alice.Expect("100");
        Assert.Equal(1, s.Proxy.Waiting.Count);
        Assert.Empty(far.Unread);

        s.Dns.Answer("sip.b.example", DnsType.A);
        s.Found();
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        Assert.DoesNotContain(alice.Unread, message => message.FirstLine.Contains("100", StringComparison.Ordinal));
    });

    [Fact]
    public void Cancel_WhileDnsIsAsked_487AndNothingIsSent() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50", isWarm: false);
        s.Dns.Hold("sip.b.example", DnsType.A);
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        await alice.Expect("100");
        alice.Cancel(invite);
        RawMessage gone = await alice.Expect("487");
        alice.AckFailure(invite, gone);
        await alice.Expect("200");
        s.Found();
        s.Dns.Answer("sip.b.example", DnsType.A);
        Assert.Empty(await far.Listen(TimeSpan.FromSeconds(40)));
        Assert.Equal(0, s.Stack.LiveTransactions);
    });

    [Fact]
    public void Drain_WhileDnsIsAsked_503AndNothingIsSent() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50", isWarm: false);
        s.Dns.Hold("sip.b.example", DnsType.A);
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        await alice.Expect("100");
        Task<bool> drained = s.Stack.DrainAsync(TimeSpan.FromMilliseconds(100)).AsTask();
        alice.AckFailure(invite, await alice.Expect("503"));
        s.Dns.Answer("sip.b.example", DnsType.A);
        s.Found();
        Assert.Empty(await far.Listen(TimeSpan.FromSeconds(40)));
        Assert.False(await drained);
        Assert.Equal((0, 0), (s.Stack.LiveTransactions, s.Proxy.Waiting.Count));
    });

    [Fact]
    public void Domain_WithServersOfSeveralRanks_TheVerdictsVersionComesFirstAmongEquals() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa first = s.Ua("first", "2001:db8::50");
        ScriptedUa second = s.Ua("second", "192.0.2.51");
        await s.Register(alice);
        s.Dns.Srv("_sip._udp.b.example", 10, 0, first.Local.Port, "one.b.example").Address("one.b.example", "2001:db8::50")
            .Srv("_sip._udp.b.example", 20, 0, second.Local.Port, "two.b.example").Address("two.b.example", "192.0.2.51");
        s.Warm(Bob);
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        first.Respond(await first.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        Assert.Empty(second.Unread);
    });

    [Theory]
    [InlineData(DnsStatus.NameError, "404 Domain Does Not Exist", false)]
    [InlineData(DnsStatus.ServerFailure, "500 DNS Failure", true)]
    [InlineData(DnsStatus.TimedOut, "504 DNS Time-out", true)]
    [InlineData(DnsStatus.Unreachable, "503 DNS Unavailable", true)]
    public void Domain_NotFound_IsAnsweredAsTheFailureSays(DnsStatus status, string answer, bool isTemporary) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        s.Dns.Everything = status;
        alice.Send(alice.Request("INVITE", Bob));
        Assert.Equal(isTemporary ? "5" : null, (await alice.Expect(answer))["Retry-After"]);
    });

    [Fact]
    public void Searches_AtTheLimit_500AndWhatIsKnownGoesOn() => ServerWorld.Play(
        async s =>
        {
            (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50");
            s.Dns.Address("slow.example", "192.0.2.51").Hold("slow.example", DnsType.A);
            alice.Send(alice.Request("INVITE", "sip:x@slow.example"));
            await s.Searching();
            alice.Send(alice.Request("MESSAGE", "sip:y@slow.example"));
            Assert.Equal("5", (await alice.Expect("500 Too Many Searches"))["Retry-After"]);
            alice.Send(alice.Request("MESSAGE", Bob));
            far.Respond(await far.Expect("MESSAGE"), 200);
            await alice.Expect("200");
            s.Dns.Answer("slow.example", DnsType.A);
            s.Found();
        },
        new ServerOptions { Limits = new LimitOptions { Searches = 1 } });

    [Fact]
    public void Searches_OneDomainWhoseDnsIsDead_LeavesPlacesForOthers() => ServerWorld.Play(
        async s =>
        {
            (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50", isWarm: false);
            s.Dns.Hold("dead.example", DnsType.A).Hold("sip.b.example", DnsType.A);
            for (int i = 0; i < 40; i++)
            {
                alice.Send(alice.Request("INVITE", "sip:x@dead.example"));
            }

            await s.Searching(4);
            await s.World.Delay(TimeSpan.FromMilliseconds(20));
            Assert.Equal(36, alice.Heard.Count(message => message.FirstLine == "SIP/2.0 500 Too Many Searches For That Domain"));
            alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
            await s.Searching(5);
            s.Dns.Answer("sip.b.example", DnsType.A);
            Assert.True(SpinWait.SpinUntil(() => s.Proxy.Waiting.Done == 1, TimeSpan.FromSeconds(30)));
            far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
            await alice.Expect("200");
            s.Dns.Answer("dead.example", DnsType.A);
            s.Found();
        },
        new ServerOptions { Limits = new LimitOptions { Searches = 40 } });

    [Fact]
    public void Flood_OfDomainsWhoseDnsIsSilent_LeavesLocalCallsAloneAndEndsInTime() => ServerWorld.Play(async s =>
    {
        const int Domains = 50;
        const int Each = 10;
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        await s.Register(alice, carol);
        s.Dns.IsSilent = true;
        for (int i = 0; i < Domains * Each; i++)
        {
            alice.Send(alice.Request("INVITE", $"sip:bob@silent-{i % Domains}.example"));
        }

        await s.Searching(Domains * Each);
        DateTimeOffset start = s.World.Time.GetUtcNow();
        await s.Call(alice, carol, "sip:carol@example.com", ServerWorld.OfferV4);
        Assert.InRange(s.World.Time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.Equal(Domains * Each, s.Proxy.Waiting.Count);

        await s.World.Delay(TimeSpan.FromSeconds(6));
        s.Found();
        await s.World.Until(() => alice.Heard.Count(message => message.FirstLine.StartsWith("SIP/2.0 504", StringComparison.Ordinal)) == Domains * Each);
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    public void Figure17_ServersOfIpv4Only_380WithoutTroublingThem(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice6, ScriptedUa far) = await AliceAndFar(s, "2001:db8::10", "192.0.2.50");
        ScriptedUa alice4 = s.Ua("alice", "192.0.2.10");
        await s.Register(alice4);
        string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000a11>\"";
        await s.Register(alice6, instance);
        await s.Register(alice4, instance);

        RawMessage invite = alice6.Send(alice6.Request("INVITE", Bob, Follows, ServerWorld.OfferV6, callId: "figure-17"));
        RawMessage redirect = await alice6.Expect("380 Alternative Service");
        alice6.AckFailure(invite, redirect);
        Assert.Contains("use IP4", redirect["Warning"], StringComparison.Ordinal);
        Assert.Empty(far.Unread);

        alice4.Send(alice4.Request("INVITE", Bob, Follows, ServerWorld.OfferV4, callId: "figure-17", cseq: 99));
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice4.Expect("200");
        Assert.Equal(["redirect", "forward"], s.Verdicts.Select(verdict => verdict.Verdict));
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    [InlineData(JudgeMethod.Carry)]
    public void Figure13_ServersOfBothVersions_TheFarRedirectTravelsBackIntact(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "2001:db8::10", "2001:db8::50", "192.0.2.50");
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        RawMessage atFar = await far.Expect("INVITE");
        Assert.Equal(ServerWorld.OfferV6, atFar.Body);
        far.Respond(atFar, 380, "Alternative Service", "Warning: 301 far \"Incompatible network address formats: use IP4\"\nX-Mark: kept", ServerWorld.OfferV4);
        RawMessage redirect = await alice.Expect("380 Alternative Service");
        alice.AckFailure(invite, redirect);
        Assert.Equal(("301 far \"Incompatible network address formats: use IP4\"", "kept"), (redirect["Warning"], redirect["X-Mark"]));
        Assert.Equal(ServerWorld.OfferV4, redirect.Body);
        Assert.Equal(1, s.Proxy.Counters.Branches);
    });

    [Fact]
    public void Figure19_Carry_GoesToTheOtherVersionWithItsBodyUntouched() => ServerWorld.Play(JudgeMethod.Carry, async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "2001:db8::10", "192.0.2.50");
        alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        RawMessage atFar = await far.Expect("INVITE");
        Assert.Equal(ServerWorld.OfferV6, atFar.Body);
        Assert.Equal(2, atFar.Elements("Record-Route").Count);
    });

    [Theory]
    [InlineData("INVITE")]
    [InlineData("MESSAGE")]
    public void Carried_ToServersOfBothVersions_GoesInTheOrderThatTheyWereFoundIn(string method) => ServerWorld.Play(JudgeMethod.Carry, async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "2001:db8::50", "192.0.2.50");
        alice.Send(alice.Request(method, Bob, body: method == "INVITE" ? ServerWorld.OfferV4 : ""));
        far.Respond(await far.Expect(method), 200, body: method == "INVITE" ? ServerWorld.OfferV4 : "");
        await alice.Expect("200");
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival, "380")]
    [InlineData(JudgeMethod.Session, "380")]
    [InlineData(JudgeMethod.Auto, null)]
    public void CallerOfAnotherDomain_ToOneOfOurs_IsNotKnownToLackAVersion(JudgeMethod method, string? answer) => ServerWorld.Play(method, async s =>
    {
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa far = s.Ua("far", "2001:db8::50");
        await s.Register(bob);
        far.Send(far.Request("INVITE", "sip:bob@example.com", Follows + "\nFrom: <sip:t5@b.example>;tag=f", ServerWorld.OfferV6));
        if (answer is null)
        {
            await bob.Expect("INVITE");
            return;
        }

        Assert.Contains("use IP4", (await far.Expect(answer))["Warning"], StringComparison.Ordinal);
        Assert.Empty(bob.Unread);
    });

    [Fact]
    public void Options_ToAnotherDomain_IsForwardedAsATransaction() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50");
        alice.Send(alice.Request("OPTIONS", Bob));
        far.Respond(await far.Expect("OPTIONS"), 200);
        await alice.Expect("200");
    });

    [Fact]
    public void InDialog_ContactWithAName_IsLocated() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50");
        s.Dns.Address("gateway.b.example", "192.0.2.50");
        string port = $":{far.Local.Port}";
        s.Warm($"sip:x@gateway.b.example{port}");
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atFar = await far.Expect("INVITE");
        far.Respond(atFar, 180);
        RawMessage ringing = await alice.Expect("180");
        var moved = new RawMessage(ringing.Text.Replace(ringing["Contact"]!, $"<sip:bob@gateway.b.example{port}>", StringComparison.Ordinal), ringing.Source);
        far.Respond(atFar, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        alice.Send(alice.InDialog("ACK", invite, moved));
        Assert.Equal($"sip:bob@gateway.b.example{port}", (await far.Expect("ACK")).RequestUri);
        alice.Send(alice.InDialog("BYE", invite, moved, cseq: 2));
        far.Respond(await far.Expect("BYE"), 200);
        await alice.Expect("200");
    });

    [Fact]
    public void InDialog_AckWhileDnsIsAsked_GoesOnWhenItIsKnown() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa far) = await AliceAndFar(s, "192.0.2.10", "192.0.2.50");
        s.Dns.Address("gateway.b.example", "192.0.2.50").Hold("gateway.b.example", DnsType.A);
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        RawMessage ok = await alice.Expect("200");
        alice.Send(alice.InDialog("ACK", invite, new RawMessage(ok.Text.Replace(ok["Contact"]!, $"<sip:bob@gateway.b.example:{far.Local.Port}>", StringComparison.Ordinal), ok.Source)));
        await s.Searching();
        s.Dns.Answer("gateway.b.example", DnsType.A);
        s.Found();
        await far.Expect("ACK");
    });

    [Fact]
    public void Peer_InTheTable_IsAskedBeforeDns() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "192.0.2.10");
            ScriptedUa far = s.Ua("far", "192.0.2.50", port: 5060);
            await s.Register(alice);
            s.Dns.Address("b.example", "192.0.2.99");
            await s.Call(alice, far, Bob, ServerWorld.OfferV4);
            Assert.Empty(s.Dns.Asked);
        },
        Peered);

    [Fact]
    public void Peer_WithAMethodOfItsOwn_IsJudgedByIt() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "2001:db8::10");
            ScriptedUa far = s.Ua("far", "192.0.2.50", port: 5060);
            await s.Register(alice);
            alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
            await far.Expect("INVITE");
            Assert.Equal(JudgeMethod.Carry, Assert.Single(s.Verdicts).Method);
        },
        Peered with { Judge = JudgeMethod.Arrival, Peers = [Peered.Peers[0] with { Judge = JudgeMethod.Carry }] });

    [Fact]
    public void Domain_WhoseNameLeadsHere_404() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await s.Register(alice);
        s.Dns.Address("alias.example", "192.0.2.1");
        s.Warm("sip:alias.example");
        alice.Send(alice.Request("INVITE", "sip:bob@alias.example"));
        await alice.Expect("404 Domain Leads Back Here");
    });

    // A user of ours, and the server of b.example at an address, which DNS knows by the name sip.b.example, with others that nobody listens at.
    private static async Task<(ScriptedUa Alice, ScriptedUa Far)> AliceAndFar(ServerWorld s, string alice, string far, string? other = null, bool isWarm = true)
    {
        ScriptedUa caller = s.Ua("alice", alice);
        ScriptedUa server = s.Ua("far", far);
        await s.Register(caller);
        s.Dns.Srv("_sip._udp.b.example", 10, 0, server.Local.Port, "sip.b.example").Address("sip.b.example", far);
        if (other is not null)
        {
            s.Dns.Address("sip.b.example", other);
        }

        if (isWarm)
        {
            s.Warm(Bob);
        }

        return (caller, server);
    }
}
