// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Peers;

/// <summary>Users who have registered an address in another domain beside their phones: calls fork to both, and judge.md holds (docs/decisions/0048).</summary>
public sealed class AwayContactTests
{
    private const string Bob = "sip:bob@example.com";
    private const string Away = "sip:robert@b.example";
    private const string Follows = "Supported: ip-redirect";

    [Fact]
    public void Invite_DeviceAndAway_BothRingAndTheOneThatAnswersKeepsTheCall() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s);
        (RawMessage invite, RawMessage atBob, RawMessage atFar) = await ServerWorld.Fork(alice, Bob, bob, far);
        Assert.Equal((Away, ServerWorld.OfferV4), (atFar.RequestUri, atFar.Body));
        Assert.Equal(["30", "30"], [atBob["Max-Breadth"], atFar["Max-Breadth"]]);
        bob.Respond(atBob, 180);
        far.Respond(atFar, 180);
        far.Respond(atFar, 200, body: ServerWorld.OfferV4);
        RawMessage ok = await alice.Expect("200");
        await bob.ExpectCancel(atBob);
        await bob.Expect("ACK");

        alice.Send(alice.InDialog("ACK", invite, ok));
        await far.Expect("ACK");
        alice.Send(alice.InDialog("INVITE", invite, ok, cseq: 2, body: ServerWorld.OfferV4));
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        far.Send(far.InDialogOfCallee("BYE", atFar, 5));
        alice.Respond(await alice.Expect("BYE"), 200);
        await far.Expect("200");
        Assert.Equal(["forward", "forward"], s.Verdicts.Select(verdict => verdict.Verdict));
        Assert.Equal(0, s.Proxy.Waiting.Taken);
    });

    [Fact]
    public void Invite_TheDeviceAnswers_TheAwayBranchIsCancelled() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s);
        (_, RawMessage atBob, RawMessage atFar) = await ServerWorld.Fork(alice, Bob, bob, far);
        far.Respond(atFar, 180);
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        await far.ExpectCancel(atFar);
        await far.Expect("ACK");
    });

    [Fact]
    public void Cancel_DeviceAndAwayRing_ReachesBoth() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s);
        (RawMessage invite, RawMessage atBob, RawMessage atFar) = await ServerWorld.Fork(alice, Bob, bob, far);
        bob.Respond(atBob, 180);
        far.Respond(atFar, 180);

        alice.Cancel(invite);
        foreach ((ScriptedUa ua, RawMessage atUa) in new[] { (bob, atBob), (far, atFar) })
        {
            await ua.ExpectCancel(atUa);
            await ua.Expect("ACK");
        }

        await alice.Expect("487");
    });

    [Theory]
    [InlineData(200, "200")]
    [InlineData(486, "380")] // the lowest class, with its mark, and never followed by us
    [InlineData(603, "603")]
    public void FarRedirect_WhileTheDeviceRings_DecidesNothingYet(int device, string outcome) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s);
        alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        RawMessage atFar = await far.Expect("INVITE");
        bob.Respond(atBob, 180);
        far.Respond(atFar, 380, "Alternative Service", "Warning: 301 far \"Incompatible network address formats: use IP6\"\nX-Mark: kept", ServerWorld.OfferV6);
        await far.Expect("ACK");
        Assert.DoesNotContain(await alice.Listen(TimeSpan.FromSeconds(5)), message => message.Status >= 200);

        bob.Respond(atBob, device, body: device == 200 ? ServerWorld.OfferV4 : "");
        RawMessage answer = await alice.Expect(outcome);
        if (outcome == "380")
        {
            Assert.Equal(("301 far \"Incompatible network address formats: use IP6\"", "kept"), (answer["Warning"], answer["X-Mark"]));
            Assert.Equal(ServerWorld.OfferV6, answer.Body);
            Assert.Equal(2, s.Proxy.Counters.Branches);
        }
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    public void Away_OfTheOtherVersionOnly_TheDeviceRingsAndNobodyIsRedirected(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s, "2001:db8::10", "2001:db8::20", "192.0.2.50");
        alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        await alice.Expect("180");
        bob.Respond(atBob, 486);
        if (method == JudgeMethod.Auto)
        {
            far.Respond(await far.Expect("INVITE"), 480); // a domain that may have more than is known gets the chance
        }

        await alice.Expect("486"); // and no 380: somebody could ring
        Assert.DoesNotContain(far.Unread, message => message.FirstLine.StartsWith("INVITE", StringComparison.Ordinal));
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    public void Device_OfTheOtherVersionOnly_TheCallGoesToTheDomainAlone(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s, "2001:db8::10", "192.0.2.20", "2001:db8::50");
        alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        far.Respond(await far.Expect("INVITE"), 486);
        await alice.Expect("486");
        Assert.Empty(bob.Unread);
        Assert.Equal([("example.com", "refuse"), ("b.example", "forward")], s.Verdicts.Select(verdict => (verdict.Target.Split('@')[^1], verdict.Verdict)));
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    public void NobodyOfTheVersion_TheCallerHearsWhichWouldHelp(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa bob, ScriptedUa far) = await TwoAndAway(s, "192.0.2.20", "192.0.2.50");
        ScriptedUa stranger = s.Ua("carol", "2001:db8::30");
        RawMessage invite = stranger.Send(stranger.Request("INVITE", Bob, $"{Follows}\nFrom: <sip:carol@c.example>;tag=c", ServerWorld.OfferV6));
        RawMessage redirect = await stranger.Expect("380");
        stranger.AckFailure(invite, redirect);
        Assert.Contains("use IP4", redirect["Warning"], StringComparison.Ordinal);
        Assert.Empty(bob.Unread);
        Assert.Empty(far.Unread);
        Assert.Equal(0, s.Proxy.Counters.Branches);
    });

    [Fact]
    public void DnsSilent_TheDeviceRingsAtOnceAndTheCallIsNotDisturbed() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s, isWarm: false);
        s.Dns.IsSilent = true;
        DateTimeOffset start = s.World.Time.GetUtcNow();
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.InRange(s.World.Time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, s.Proxy.Waiting.Count);
        bob.Respond(atBob, 180);
        await s.World.Delay(TimeSpan.FromSeconds(6));
        s.Found();
        bob.Respond(atBob, 486);
        await alice.Expect("486"); // and not what DNS made of it
        Assert.Empty(far.Unread);
        Assert.Equal(0, s.Proxy.Waiting.Count);
    });

    [Fact]
    public void DnsSlow_TheDomainRingsLaterBesideTheDevice() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s, isWarm: false);
        s.Dns.Hold("sip.b.example", DnsType.A);
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob.Respond(await bob.Expect("INVITE"), 180);
        await s.World.Delay(TimeSpan.FromSeconds(1));
        Assert.Empty(far.Unread);
        s.Dns.Answer("sip.b.example", DnsType.A);
        s.Found();
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        await bob.Expect("CANCEL");
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallIsOver_WhileDnsIsAsked_NothingIsSentThere(bool isAnswered) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob, ScriptedUa far) = await Three(s, isWarm: false);
        s.Dns.Hold("sip.b.example", DnsType.A);
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        if (isAnswered)
        {
            bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
            await alice.Expect("200");
            Assert.Equal((1, 0), (s.Proxy.Calls.Answered, s.Proxy.Calls.Failed));
            Assert.Equal("answered", Assert.Single(s.Proxy.Calls.Calls).State);
        }
        else
        {
            alice.Cancel(invite);
            await bob.ExpectCancel(atBob);
            alice.AckFailure(invite, await alice.Expect("487"));
        }

        s.Found();
        s.Dns.Answer("sip.b.example", DnsType.A);
        Assert.Empty(await far.Listen(TimeSpan.FromSeconds(40)));
        Assert.Equal((0, 0), (s.Stack.LiveTransactions, s.Proxy.Waiting.Count));
    });

    [Theory]
    [InlineData("INVITE")]
    [InlineData("MESSAGE")]
    [InlineData("OPTIONS")]
    public void AwayAlone_IsForwardedTo(string method) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        (ScriptedUa far, _) = await Register(s, "192.0.2.20", "192.0.2.50");
        string body = method == "INVITE" ? ServerWorld.OfferV4 : "";
        alice.Send(alice.Request(method, Bob, body: body)); // anybody may call our users, so alice need not be one
        RawMessage atFar = await far.Expect(method);
        Assert.Equal(Away, atFar.RequestUri);
        far.Respond(atFar, 200, body: body);
        await alice.Expect("200");
    });

    [Fact]
    public void AwayAlone_NotToBeFound_480() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        await Register(s, "192.0.2.20", "192.0.2.50", isWarm: false);
        s.Dns.Everything = DnsStatus.ServerFailure;
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        await alice.Expect("480");
    });

    [Fact]
    public void LowerQ_IsLookedForOnlyWhenItsTurnComes() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        ScriptedUa far = s.Ua("far", "192.0.2.50");
        s.Dns.Srv("_sip._udp.b.example", 10, 0, far.Local.Port, "sip.b.example").Address("sip.b.example", "192.0.2.50");
        await ServerWorld.RegisterContact(bob, $"<{Away}>;q=0.1");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Empty(s.Dns.Asked);
        bob.Respond(atBob, 480);
        await bob.Expect("ACK");
        s.Found();
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void CallThatWentOn_BetweenTwoOtherDomains_GoesOnByItsMarkAndNowhereElse() => ServerWorld.Play(async s =>
    {
        (ScriptedUa far, _) = await Register(s, "192.0.2.20", "192.0.2.50");
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        ScriptedUa victim = s.Ua("victim", "192.0.2.99");
        RawMessage invite = carol.Send(carol.Request("INVITE", Bob, "From: <sip:carol@c.example>;tag=c", ServerWorld.OfferV4));
        RawMessage atFar = await far.Expect("INVITE");
        far.Respond(atFar, 200, body: ServerWorld.OfferV4);
        RawMessage ok = await carol.Expect("200");
        carol.Send(carol.InDialog("ACK", invite, ok));
        await far.Expect("ACK");

        carol.Send(carol.InDialog("INVITE", invite, ok, cseq: 200, body: ServerWorld.OfferV4));
        far.Respond(await far.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await carol.Expect("200");
        far.Send(far.InDialogOfCallee("INVITE", atFar, 300, ServerWorld.OfferV4));
        carol.Respond(await carol.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await far.Expect("200");

        var moved = new RawMessage(ok.Text.Replace(ok["Contact"]!, $"<sip:victim@{victim.Local}>", StringComparison.Ordinal), ok.Source);
        carol.Send(carol.InDialog("INVITE", invite, moved, cseq: 201, body: ServerWorld.OfferV4));
        await carol.Expect("403");
        Assert.Empty(victim.Unread);
    });

    // Alice, Bob's phone, and the server of b.example, where Bob has another address.
    private static async Task<(ScriptedUa Alice, ScriptedUa Bob, ScriptedUa Far)> Three(
        ServerWorld s, string alice = "192.0.2.10", string bob = "192.0.2.20", string far = "192.0.2.50", bool isWarm = true)
    {
        ScriptedUa caller = s.Ua("alice", alice);
        await s.Register(caller);
        (ScriptedUa callee, ScriptedUa server) = await TwoAndAway(s, bob, far, isWarm);
        return (caller, callee, server);
    }

    private static async Task<(ScriptedUa Bob, ScriptedUa Far)> TwoAndAway(ServerWorld s, string bob, string far, bool isWarm = true)
    {
        (ScriptedUa server, ScriptedUa callee) = await Register(s, bob, far, isWarm);
        await s.Register(callee);
        return (callee, server);
    }

    // Bob has registered nothing but the other address.
    private static async Task<(ScriptedUa Far, ScriptedUa Bob)> Register(ServerWorld s, string bob, string far, bool isWarm = true)
    {
        ScriptedUa callee = s.Ua("bob", bob);
        ScriptedUa server = s.Ua("far", far);
        await ServerWorld.RegisterContact(callee, $"<{Away}>");
        s.Dns.Srv("_sip._udp.b.example", 10, 0, server.Local.Port, "sip.b.example").Address("sip.b.example", far);
        if (isWarm)
        {
            s.Warm(Away);
        }

        return (server, callee);
    }
}
