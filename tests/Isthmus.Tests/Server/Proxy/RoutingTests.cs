// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class RoutingTests
{
    private const string Bob = "sip:bob@example.com";

    public static TheoryData<string, string, bool, bool> Sides => new()
    {
        { "192.0.2.10", "2001:db8::20", false, false },
        { "2001:db8::10", "192.0.2.20", false, false },
        { "192.0.2.10", "192.0.2.20", true, false },
        { "2001:db8::10", "192.0.2.20", false, true },
        { "192.0.2.10", "2001:db8::20", true, true },
    };

    [Theory]
    [MemberData(nameof(Sides))]
    public void Dialog_AcrossVersionsOrTransports_EachSideHasASocketItCanReach(string caller, string callee, bool callerTcp, bool calleeTcp) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", caller, callerTcp);
        ScriptedUa bob = s.Ua("bob", callee, calleeTcp);
        await s.Register(alice, bob);

        // No offer, so that nobody judges.
        RawMessage invite = alice.Send(alice.Request("INVITE", Bob));
        RawMessage atBob = await bob.Expect("INVITE");
        IReadOnlyList<string> routes = atBob.Elements("Record-Route");
        Assert.Equal(2, routes.Count);
        Assert.All(routes, r => Assert.Contains(";r2=on", r, StringComparison.Ordinal));
        Assert.Contains(ServerWorld.HostTowards(bob), routes[0], StringComparison.Ordinal);
        Assert.Contains(ServerWorld.HostTowards(alice), routes[1], StringComparison.Ordinal);
        Assert.Equal(calleeTcp, routes[0].Contains("transport=tcp", StringComparison.Ordinal));
        Assert.Equal(callerTcp, routes[1].Contains("transport=tcp", StringComparison.Ordinal));

        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        RawMessage ok = await alice.Expect("200");
        Assert.Equal(routes, ok.Elements("Record-Route"));
        alice.Send(alice.InDialog("ACK", invite, ok, body: ServerWorld.OfferV4));
        Assert.Empty((await bob.Expect("ACK")).Lines("Route"));

        // A re-INVITE of the caller, and one of the callee, then the callee hangs up.
        RawMessage again = alice.Send(alice.InDialog("INVITE", invite, ok, 2, ServerWorld.OfferV4));
        RawMessage atBobAgain = await bob.Expect("INVITE");
        Assert.Empty(atBobAgain.Lines("Route"));
        Assert.Equal($"sip:bob@{bob.Local}", atBobAgain.RequestUri.Split(';')[0]);
        bob.Respond(atBobAgain, 200, body: ServerWorld.OfferV4);
        alice.Send(alice.InDialog("ACK", invite, ok, 2));
        await bob.Expect("ACK");
        Assert.Contains("2 INVITE", (await alice.Expect("200"))["CSeq"], StringComparison.Ordinal);
        Assert.NotNull(again);

        RawMessage back = bob.Send(bob.InDialogOfCallee("INVITE", atBob, 7, ServerWorld.OfferV4));
        RawMessage atAlice = await alice.Expect("INVITE");
        Assert.Empty(atAlice.Lines("Route"));
        Assert.Equal($"sip:alice@{alice.Local}", atAlice.RequestUri.Split(';')[0]);
        alice.Respond(atAlice, 200, body: ServerWorld.OfferV4);
        await bob.Expect("200");
        Assert.NotNull(back);
        bob.Send(bob.InDialogOfCallee("ACK", atBob, 7));
        await alice.Expect("ACK");

        bob.Send(bob.InDialogOfCallee("BYE", atBob, 8));
        alice.Respond(await alice.Expect("BYE"), 200);
        await bob.Expect("200");
        Assert.Empty(s.Proxy.Calls.Calls);
    });

    [Fact]
    public void Invite_PreloadedRouteToUs_IsTakenOff() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        alice.Send(alice.Request("INVITE", Bob, "Route: <sip:192.0.2.1:5060;lr>", ServerWorld.OfferV4));
        Assert.Empty((await bob.Expect("INVITE")).Lines("Route"));
    });

    [Fact]
    public void Invite_PreloadedRouteNamesTheDomain_IsTakenOff() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        alice.Send(alice.Request("INVITE", Bob, "Route: <sip:example.com;lr>", ServerWorld.OfferV4));
        Assert.Empty((await bob.Expect("INVITE")).Lines("Route"));
    });

    [Fact]
    public void Bye_FromAStrictRouter_TargetComesFromTheLastRoute() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();
        (RawMessage invite, RawMessage ok) = await s.Call(alice, bob, Bob);

        // RFC 3261 §16.12.1.2: our own URI in the Request-URI, the target behind the last Route.
        string ours = RawMessage.UriOf(ok.Elements("Record-Route")[0]);
        RawMessage bye = alice.InDialog("BYE", invite, ok, 2);
        string target = bye.RequestUri;
        string text = bye.Text.Replace("BYE " + target, "BYE " + ours, StringComparison.Ordinal);
        text = System.Text.RegularExpressions.Regex.Replace(text, "Route: [^\r]*", $"Route: <{target}>");
        alice.Send(text);
        RawMessage atBob = await bob.Expect("BYE");
        Assert.Equal($"sip:bob@{bob.Local}", atBob.RequestUri);
        Assert.Empty(atBob.Lines("Route"));
    });

    [Fact]
    public void Bye_NextHopIsAStrictRouter_GetsItsOwnUriAndTheTargetInRoute() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa strict = s.Ua("strict", "192.0.2.30");
        await s.Register(alice, bob);
        (RawMessage invite, RawMessage ok) = await s.Call(alice, bob, Bob);

        RawMessage bye = alice.InDialog("BYE", invite, ok, 2);
        string route = bye["Route"]!;
        alice.Send(bye.Text.Replace("Route: " + route, $"Route: {route}\r\nRoute: <sip:{strict.Local};x=1>, <sip:192.0.2.99;lr>", StringComparison.Ordinal));
        RawMessage atStrict = await strict.Expect("BYE");
        Assert.Equal($"sip:{strict.Local};x=1", atStrict.RequestUri);
        Assert.Equal(["<sip:192.0.2.99;lr>", $"<{bye.RequestUri}>"], atStrict.Elements("Route"));
    });

    [Fact]
    public void Path_OfTheRegistration_BecomesTheRoute() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa edge = s.Ua("edge", "2001:db8::30");
        await s.Register(alice);
        await s.Register(bob, headers: $"Supported: path\nPath: <sip:{edge.Local};lr>");

        alice.Send(alice.Request("INVITE", Bob));
        RawMessage atEdge = await edge.Expect("INVITE");
        Assert.Equal([$"<sip:{edge.Local};lr>"], atEdge.Elements("Route"));
        Assert.Equal($"sip:bob@{bob.Local}", atEdge.RequestUri);
    });

    [Fact]
    public void Tcp_DeviceBehindAConnection_IsReachedByIt() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20", tcp: true);
        await s.Register(alice, bob);

        (RawMessage invite, RawMessage ok) = await s.Call(alice, bob, Bob);
        alice.Send(alice.InDialog("BYE", invite, ok, 2));
        bob.Respond(await bob.Expect("BYE"), 200);
        await alice.Expect("200");
    });

    [Fact]
    public void Gruu_InADialog_LeadsToItsDevice() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        ScriptedUa other = s.Ua("bob", "192.0.2.21");
        await s.Register(alice, other);
        await s.Register(bob, contactParameters: ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000b0b0>\"", headers: "Supported: gruu");

        alice.Send(alice.Request("MESSAGE", Bob + ";gr=urn:uuid:00000000-0000-1000-8000-00000000b0b0", "Content-Type: text/plain", "hello", to: $"<{Bob}>;tag=x"));
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        await alice.Expect("200");
        Assert.Empty(other.Unread);
    });

    [Fact]
    public void Prack_Update_PassThrough() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, "Supported: 100rel", ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 183, headers: "Require: 100rel\nRSeq: 1", body: ServerWorld.OfferV4);
        RawMessage progress = await alice.Expect("183");
        Assert.Equal("1", progress["RSeq"]);
        RawMessage prack = alice.InDialog("PRACK", invite, progress, 2);
        alice.Send(prack.Text.Replace("Content-Length", "RAck: 1 1 INVITE\r\nContent-Length", StringComparison.Ordinal));
        bob.Respond(await bob.Expect("PRACK"), 200);
        await alice.Expect("200");
        alice.Send(alice.InDialog("UPDATE", invite, progress, 3, ServerWorld.OfferV4));
        bob.Respond(await bob.Expect("UPDATE"), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Ok_RepeatedByTheDevice_ReachesTheCallerAgain() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4, headers: "X-Again: 1");
        Assert.NotNull((await alice.Expect("200"))["X-Again"]);
    });

    [Fact]
    public void Response_WithoutTransaction_IsDropped() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        alice.Send(alice.Request("OPTIONS", "sip:192.0.2.1"));
        await alice.Expect("200");
        bob.Send($"""
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnothing
            Via: SIP/2.0/UDP {alice.Local};branch=z9hG4bKnothing
            From: <sip:a@example.com>;tag=1
            To: <sip:b@example.com>;tag=2
            Call-ID: stray
            CSeq: 1 INVITE
            Content-Length: 0


            """);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, s.Proxy.Counters.StrayResponses);
    });

    [Fact]
    public void Maddr_NamesUs_IsTakenOff() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob(bob: "2001:db8::20");
        alice.Send(alice.Request("INVITE", Bob + ";maddr=192.0.2.1;transport=udp"));
        await bob.Expect("INVITE");
    });

    [Fact]
    public void Maddr_NamesSomeoneElse_IsWhereItGoesForAUserAndNobodyElse() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        ScriptedUa far = s.Ua("far", "192.0.2.99");
        await s.Register(alice);
        string uri = $"sip:far@elsewhere.example:{far.Local.Port};maddr=192.0.2.99";
        alice.Send(alice.Request("INVITE", uri));
        Assert.Equal(uri, (await far.Expect("INVITE")).RequestUri);
        mallory.Send(mallory.Request("INVITE", uri));
        await mallory.Expect("403");
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Call_ThatEnded_LeavesNothingBehind(bool tcp) => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10", tcp);
        ScriptedUa bob = s.Ua("bob", "2001:db8::20", tcp);
        await s.Register(alice, bob);
        int timers = s.Stack.Snapshot.Timers;
        (RawMessage invite, RawMessage ok) = await s.Call(alice, bob, Bob);
        alice.Send(alice.InDialog("BYE", invite, ok, 2));
        bob.Respond(await bob.Expect("BYE"), 200);
        await alice.Expect("200");
        RawMessage second = alice.Send(alice.Request("INVITE", Bob));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        await alice.Expect("180");
        alice.Cancel(second);
        await bob.ExpectCancel(atBob);
        alice.AckFailure(second, await alice.Expect("487"));

        await s.World.Delay(TimeSpan.FromSeconds(70));
        Assert.Equal(0, s.Stack.LiveTransactions);
        Assert.Empty(s.Proxy.Calls.Calls);
        Assert.True(s.Stack.Snapshot.Timers <= timers, $"{timers} timers before, {s.Stack.Snapshot.Timers} after");
    });

    /// <summary>RFC 3261 §18.3: a datagram may do without Content-Length, as linphone's answers do; where it goes on by a stream, nobody could tell where it ends.</summary>
    [Fact]
    public void Message_WithoutContentLength_GetsOneOnAStream() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10", tcp: true);
        ScriptedUa bob = s.Ua("bob", "2001:db8::20");
        await s.Register(alice, bob);

        bob.Send(Unmeasured(bob.Request("MESSAGE", "sip:alice@example.com", body: "hello")));
        RawMessage atAlice = await alice.Expect("MESSAGE");
        Assert.Equal("5", atAlice["Content-Length"]);
        alice.Respond(atAlice, 200);
        Assert.Equal("0", (await bob.Expect("200"))["Content-Length"]);

        alice.Send(alice.Request("MESSAGE", Bob));
        RawMessage atBob = await bob.Expect("MESSAGE");
        string[] copied = ["Via", "From", "To", "Call-ID", "CSeq"];
        bob.Send($"SIP/2.0 200 OK\n{string.Concat(copied.SelectMany(name => atBob.Lines(name).Select(line => $"{name}: {line}\n")))}\n", atBob.Source);
        Assert.Equal("0", (await alice.Expect("200"))["Content-Length"]);

        static string Unmeasured(RawMessage message) => Regex.Replace(message.Text, "Content-Length: .*\r\n", "");
    });
}
