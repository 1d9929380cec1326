// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class JudgingTests
{
    private const string Bob = "sip:bob@example.com";
    private const string Follows = "Supported: ip-redirect";

    private static readonly string Instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000a11>\"";

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    public void Figure3_DualCallerOnIpv6ToIpv4Phone_RedirectThenCall(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice6, ScriptedUa alice4, ScriptedUa bob) = await DualAliceAndBob(s);

        RawMessage invite = alice6.Send(alice6.Request("INVITE", Bob, Follows, ServerWorld.OfferV6, callId: "figure-3"));
        RawMessage redirect = await alice6.Expect("380 Alternative Service");
        alice6.AckFailure(invite, redirect);
        Assert.Matches("""^301 \S+ "Incompatible network address formats: use IP4"$""", redirect["Warning"]);
        Assert.Null(redirect["Contact"]);
        Assert.Equal("application/sdp", redirect["Content-Type"]);
        Assert.Contains("c=IN IP4 ", redirect.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("IP6", redirect.Body, StringComparison.Ordinal);
        Assert.Empty(bob.Unread);

        alice4.Send(alice4.Request("INVITE", Bob, Follows, ServerWorld.OfferV4, callId: "figure-3", cseq: 99));
        bob.Respond(await bob.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await alice4.Expect("200");
        Assert.Equal(["redirect", "forward"], s.Verdicts.Select(v => v.Verdict));
        Assert.All(s.Verdicts, v => Assert.Equal("figure-3", v.CallId));
        var call = Assert.Single(s.Proxy.Calls.Calls);
        Assert.Equal((Isthmus.Sip.IpVersion.V4, Isthmus.Sip.IpVersion.V4, s.Verdicts[1].Reason), (call.CallerVersion, call.CalleeVersion, call.Verdict));
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    [InlineData(JudgeMethod.Carry)]
    public void Figure4_Ipv4PhoneToDualPhone_RingsOnceOnIpv4(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice6, ScriptedUa alice4, ScriptedUa bob) = await DualAliceAndBob(s);

        bob.Send(bob.Request("INVITE", "sip:alice@example.com", body: ServerWorld.OfferV4));
        alice4.Respond(await alice4.Expect("INVITE"), 200, body: ServerWorld.OfferV4);
        await bob.Expect("200");
        Assert.Empty(alice6.Unread);
    });

    [Fact]
    public void Figure7_Carry_MixedPayloadAndTheRedirectOfTheCalleePassThrough() => ServerWorld.Play(JudgeMethod.Carry, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        RawMessage atBob = await bob.Expect("INVITE");
        Assert.Equal(ServerWorld.OfferV6, atBob.Body);
        bob.Respond(atBob, 380, "Alternative Service", "Warning: 301 bob \"Incompatible network address formats: use IP4\"", ServerWorld.OfferV4);
        RawMessage redirect = await alice.Expect("380");
        Assert.Equal("301 bob \"Incompatible network address formats: use IP4\"", redirect["Warning"]);
        Assert.Equal(ServerWorld.OfferV4, redirect.Body);
        alice.AckFailure(invite, redirect);
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    public void Ipv6OnlyCaller_ToIpv4Phone_IsRefusedWithTheReason(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa carol, ScriptedUa bob) = await s.CarolAndBob();

        carol.Send(carol.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        RawMessage refusal = await carol.Expect("488");
        Assert.Contains("use IP4", refusal["Warning"], StringComparison.Ordinal);
        Assert.Contains("c=IN IP4 ", refusal.Body, StringComparison.Ordinal);
        Assert.Equal("refuse", Assert.Single(s.Verdicts).Verdict);
        Assert.Empty(bob.Unread);
    });

    [Fact]
    public void SecondRedirectToTheSameVersion_IsARefusal() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        (ScriptedUa alice6, _, ScriptedUa bob) = await DualAliceAndBob(s);

        alice6.Send(alice6.Request("INVITE", Bob, Follows, ServerWorld.OfferV6, callId: "again", cseq: 1));
        await alice6.Expect("380");
        alice6.Send(alice6.Request("INVITE", Bob, Follows, ServerWorld.OfferV6, callId: "again", cseq: 2));
        await alice6.Expect("488");
        Assert.Empty(bob.Unread);
    });

    [Fact]
    public void DelayedOffer_IsForwarded() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");
        alice.Send(alice.Request("INVITE", Bob));
        await bob.Expect("INVITE");
    });

    [Fact]
    public void UnreadableBody_IsForwardedUntouched() => ServerWorld.Play(JudgeMethod.Auto, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");
        alice.Send(alice.Request("INVITE", Bob, body: "this is no session\r\nat all"));
        Assert.Equal("this is no session\r\nat all", (await bob.Expect("INVITE")).Body);
    });

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("SUBSCRIBE")]
    [InlineData("NOTIFY")]
    [InlineData("PUBLISH")]
    [InlineData("INFO")]
    [InlineData("OPTIONS")]
    public void Figure10_OtherMethods_AreCarriedAcrossVersions(string method) => ServerWorld.Play(async s =>
    {
        (ScriptedUa carol, ScriptedUa bob) = await s.CarolAndBob();
        carol.Send(carol.Request(method, Bob, "Event: presence\nContent-Type: text/plain", "hello"));
        RawMessage atBob = await bob.Expect(method);
        Assert.Equal("hello", atBob.Body);
        bob.Respond(atBob, 200);
        await carol.Expect("200");
        Assert.Empty(s.Verdicts);
    }, new ServerOptions { Judge = JudgeMethod.Arrival, Presence = new() { Serve = false } });

    [Fact]
    public void Carried_DualPhone_GetsItOnTheArrivalVersion() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice6, ScriptedUa alice4, ScriptedUa bob) = await DualAliceAndBob(s);
        bob.Send(bob.Request("MESSAGE", "sip:alice@example.com", "Content-Type: text/plain", "hello"));
        await alice4.Expect("MESSAGE");
        Assert.Empty(alice6.Unread);
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival, "488")]
    [InlineData(JudgeMethod.Session, "488")]
    [InlineData(JudgeMethod.Auto, null)] // the server there may have both
    [InlineData(JudgeMethod.Carry, null)]
    public void ToTheServerOfOthers_Ipv6OnlyCaller_IsJudgedByTheServersVersion(JudgeMethod method, string? refusal) => ServerWorld.Play(method, async s =>
    {
        ScriptedUa carol = s.Ua("carol", "2001:db8::30");
        ScriptedUa far = s.Ua("far", "192.0.2.99");
        await s.Register(carol);
        carol.Send(carol.Request("INVITE", $"sip:far@{far.Local}", body: ServerWorld.OfferV6));
        if (refusal is null)
        {
            await far.Expect("INVITE");
        }
        else
        {
            Assert.Contains("use IP4", (await carol.Expect(refusal))["Warning"], StringComparison.Ordinal);
            Assert.Empty(far.Unread);
        }

        Assert.Equal(far.Local.ToString(), Assert.Single(s.Verdicts).Target);
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    public void ToTheServerOfOthers_DualCaller_IsRedirectedToItsVersion(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice6, ScriptedUa alice4, _) = await DualAliceAndBob(s);
        ScriptedUa far = s.Ua("far", "192.0.2.99");
        alice6.Send(alice6.Request("INVITE", $"sip:far@{far.Local}", Follows, ServerWorld.OfferV6));
        Assert.Contains("use IP4", (await alice6.Expect("380"))["Warning"], StringComparison.Ordinal);
        alice4.Send(alice4.Request("INVITE", $"sip:far@{far.Local}", Follows, ServerWorld.OfferV4));
        await far.Expect("INVITE");
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    [InlineData(JudgeMethod.Auto)]
    public void Embodiment4_DualCallerOnIpv4ToIpv6Phone_IsRedirectedToIpv6(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        (ScriptedUa alice6, ScriptedUa alice4, _) = await DualAliceAndBob(s);
        ScriptedUa carol = s.Ua("carol", "2001:db8::30");
        await s.Register(carol);

        RawMessage invite = alice4.Send(alice4.Request("INVITE", "sip:carol@example.com", Follows, ServerWorld.OfferV4, callId: "e4"));
        RawMessage redirect = await alice4.Expect("380");
        Assert.Contains("use IP6", redirect["Warning"], StringComparison.Ordinal);
        Assert.Contains("c=IN IP6 ", redirect.Body, StringComparison.Ordinal);
        alice4.AckFailure(invite, redirect);
        alice6.Send(alice6.Request("INVITE", "sip:carol@example.com", Follows, ServerWorld.OfferV6, callId: "e4", cseq: 99));
        carol.Respond(await carol.Expect("INVITE"), 200, body: ServerWorld.OfferV6);
        await alice6.Expect("200");
    });

    [Theory]
    [InlineData(JudgeMethod.Arrival)]
    [InlineData(JudgeMethod.Session)]
    public void Figure5_OneRegisterWithBothAddresses_IsOneDevice(JudgeMethod method) => ServerWorld.Play(method, async s =>
    {
        ScriptedUa alice6 = s.Ua("alice", "2001:db8::10");
        ScriptedUa alice4 = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(bob);
        await s.Register(alice6, $", {alice4.Contact}", Follows);

        alice6.Send(alice6.Request("INVITE", Bob, Follows, ServerWorld.OfferV6));
        await alice6.Expect("380");
        bob.Send(bob.Request("INVITE", "sip:alice@example.com", body: ServerWorld.OfferV4));
        await alice4.Expect("INVITE");
        Assert.Empty(alice6.Unread);
    });

    [Fact]
    public void Session_OfferFitsTheDeviceThoughTheArrivalDoesNot_IsForwarded() => ServerWorld.Play(JudgeMethod.Session, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob("2001:db8::10");
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        Assert.Equal(ServerWorld.OfferV4, (await bob.Expect("INVITE")).Body);
    });

    [Fact]
    public void Domain_WithItsOwnMethod_IsJudgedByIt() => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "2001:db8::10");
            ScriptedUa bob = s.Ua("bob", "192.0.2.20");
            await s.Register(alice, bob);
            alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6));
            await bob.Expect("INVITE");
            Assert.Equal(JudgeMethod.Carry, Assert.Single(s.Verdicts).Method);
        },
        new Isthmus.Server.ServerOptions { Judge = JudgeMethod.Arrival, Domains = [new Isthmus.Server.DomainOptions { Name = "example.com", Judge = JudgeMethod.Carry }] });

    [Fact]
    public void InDialog_OtherVersionOffered_IsNotJudged() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        (RawMessage invite, RawMessage ok) = await s.Call(alice, bob, Bob, ServerWorld.OfferV4);
        alice.Send(alice.InDialog("INVITE", invite, ok, 2, ServerWorld.OfferV6));
        Assert.Equal(ServerWorld.OfferV6, (await bob.Expect("INVITE")).Body);
        Assert.Single(s.Verdicts);
    });

    [Fact]
    public void SeveralDevices_OnlyThoseThatFitRing() => ServerWorld.Play(JudgeMethod.Arrival, async s =>
    {
        ScriptedUa alice = s.Ua("alice", "2001:db8::10");
        ScriptedUa bob4 = s.Ua("bob", "192.0.2.20");
        ScriptedUa bob6 = s.Ua("bob", "2001:db8::20");
        await s.Register(alice, bob4, bob6);
        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV6));
        await bob6.Expect("INVITE");
        Assert.Empty(await bob4.Listen(TimeSpan.FromSeconds(1)));
    });

    private static async Task<(ScriptedUa Alice6, ScriptedUa Alice4, ScriptedUa Bob)> DualAliceAndBob(ServerWorld s)
    {
        ScriptedUa alice6 = s.Ua("alice", "2001:db8::10");
        ScriptedUa alice4 = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(alice6, Instance, Follows);
        await s.Register(alice4, Instance, Follows);
        await s.Register(bob);
        return (alice6, alice4, bob);
    }
}
