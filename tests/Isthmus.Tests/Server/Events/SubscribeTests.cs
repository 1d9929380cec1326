// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

public sealed class SubscribeTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void OtherPackage_GoesToTheDevice() => Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob, "Event: conference");
        RawMessage atBob = await bob.Expect("SUBSCRIBE");
        bob.Respond(atBob, 200);
        await alice.Expect("200");
    });

    [Theory]
    [InlineData("sip:example.com", "Event: conference")]
    [InlineData("sip:example.com", "Event: presence")]
    [InlineData(Bob, "Event: ")]
    public void NothingOfOurs_Is489WithAllowEvents(string uri, string headers) => Play(async (s, alice, _) =>
    {
        alice.Subscribe(uri, headers);
        Assert.Contains("presence", (await alice.Expect("489"))["Allow-Events"], StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("Expires: 59", "423", "Min-Expires", "60")]
    [InlineData("Accept: application/cpim-pidf+xml", "406", "Accept", null)]
    [InlineData("Require: secret-agreement", "420", "Unsupported", "secret-agreement")]
    [InlineData("Contact: <tel:+4930123>", "400", "Retry-After", null)]
    [InlineData("Contact: <tls:foo>\nRecord-Route: <tel:1>", "400", "Retry-After", null)]
    public void Subscribe_Unfit_IsRefused(string headers, string status, string header, string? value) => Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, headers);
        Assert.Equal(value, (await alice.Expect(status))[header]);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(1)));
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Theory]
    [InlineData("Accept: application/pidf+xml")]
    [InlineData("Accept: text/plain, application/*;q=0.1")]
    [InlineData("Require: eventlist")]
    public void Subscribe_Fit_IsAccepted(string headers) => Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, headers);
        await alice.Expect("200");
        await alice.Notified();
    });

    [Fact]
    public void Fetch_GetsOneNotifyAndLeavesNothing() => Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, "Expires: 0");
        Assert.Equal("0", (await alice.Expect("200"))["Expires"]);
        RawMessage only = await alice.Notified();

        Assert.Equal("terminated;reason=timeout", only["Subscription-State"]);
        Assert.Equal(Availability.Online, Presence.Of(only).Availability);
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Id_IsRepeated() => Play(async (s, alice, _) =>
    {
        RawMessage subscribe = alice.Subscribe(Bob, "Event: presence ; foo=bar; id=7f");
        RawMessage ok = await alice.Expect("200");
        Assert.Equal("presence;id=7f", (await alice.Notified())["Event"]);
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence; id=7f"));
        await alice.Expect("200");
        Assert.Equal("presence;id=7f", (await alice.Notified())["Event"]);
    });

    [Theory]
    [InlineData(Bob)]
    [InlineData("sip:nobody@example.com")]
    public void Stranger_Is403WhoeverIsWatched(string uri) => Play(async (s, _, _) =>
    {
        ScriptedUa mallory = s.Ua("alice", "192.0.2.66");
        mallory.Subscribe(uri);
        Assert.StartsWith("SIP/2.0 403 Forbidden", (await mallory.Expect("403")).FirstLine, StringComparison.Ordinal);
    });

    [Fact]
    public void UserThatDoesNotExist_LooksLikeOneThatIsNotThere() => Play(async (s, alice, bob) =>
    {
        await s.Register(bob, expires: 0);
        string[] seen = [await Look(Bob), await Look("sip:zed@example.com")];
        Assert.Equal(seen[0], seen[1]);

        async Task<string> Look(string uri)
        {
            alice.Subscribe(uri, "Expires: 600");
            RawMessage ok = await alice.Expect("200");
            RawMessage notify = await alice.Notified();
            return Anonymous(ok) + Anonymous(notify);
        }

        static string Anonymous(RawMessage message) => string.Join('\n', message.Text.Split("\r\n")
            .Where(line => !line.StartsWith("Via", StringComparison.Ordinal) && !line.StartsWith("Call-ID", StringComparison.Ordinal) && !line.StartsWith("CSeq", StringComparison.Ordinal))
            .Select(line => System.Text.RegularExpressions.Regex.Replace(line, "tag=[0-9a-f]{16}", "tag=x").Replace("bob@", "zed@", StringComparison.Ordinal)));
    });

    [Fact]
    public void PoliteBlock_SeesOffline() => Play(
        async (s, alice, bob) =>
        {
            alice.Subscribe(Bob);
            await alice.Expect("200");
            Assert.Equal(Availability.Offline, Presence.Of(await alice.Notified()).Availability);
            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy, "secret"));
            await bob.Expect("200");
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
        },
        new ServerOptions { WatchRules = [new() { User = "bob@example.com", PoliteBlock = ["alice@example.com"] }] });

    [Fact]
    public void InDialog_OfNoSubscription_Is481() => Play(async (s, alice, _) =>
    {
        alice.Send(alice.Request("SUBSCRIBE", $"sip:{ServerWorld.HostTowards(alice)}", "Event: presence", to: $"<{Bob}>;tag=0123456789abcdef"));
        await alice.Expect("481");
    });

    [Fact]
    public void InDialog_OfAnother_OldOrOtherPackage_IsRefused() => Play(async (s, alice, _) =>
    {
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();

        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 1, headers: "Event: presence"));
        await alice.Expect("500");
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 101, headers: "Event: dialog"));
        Assert.Contains("presence", (await alice.Expect("489"))["Allow-Events"], StringComparison.Ordinal);
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 101, headers: "Event: presence;id=2"));
        Assert.Contains("presence", (await alice.Expect("489"))["Allow-Events"], StringComparison.Ordinal);
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 102, headers: "Event: presence").Changed("Call-ID", "another"));
        await alice.Expect("481");
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 103, headers: "Event: presence\nExpires: 900"));
        Assert.Equal("900", (await alice.Expect("200"))["Expires"]);
        Assert.Equal("active;expires=900", (await alice.Notified())["Subscription-State"]);
    });

    [Fact]
    public void Renew_FromAnotherContact_IsNotifiedThere() => Play(async (s, alice, _) =>
    {
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        ScriptedUa elsewhere = s.Ua("alice", "2001:db8::11");

        elsewhere.Send(elsewhere.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence"));
        await elsewhere.Expect("200");

        Assert.Equal(RawMessage.UriOf(elsewhere.Contact), (await elsewhere.Notified()).RequestUri);
        Assert.Empty(alice.Unread);
    });

    [Theory]
    [InlineData("<sip:192.0.2.50:5062;lr>")]
    [InlineData("<sip:192.0.2.50:5062;lr>, <sip:192.0.2.51;lr>")]
    public void RecordRoutes_AreFollowed(string routes) => Play(async (s, alice, _) =>
    {
        ScriptedUa proxy = s.Ua("proxy", "192.0.2.50", port: 5062);
        alice.Subscribe(Bob, $"Record-Route: {routes}");
        RawMessage ok = await alice.Expect("200");
        RawMessage notify = await proxy.Notified();

        Assert.Equal(RawMessage.UriOf(alice.Contact), notify.RequestUri);
        Assert.Equal(routes.Split(", "), notify.Elements("Route"));
        Assert.Equal(routes.Split(", "), ok.Elements("Record-Route"));
    });

    [Fact]
    public void RecordRoute_OfAStrictRouter_StandsInTheRequestUri() => Play(async (s, alice, _) =>
    {
        ScriptedUa proxy = s.Ua("proxy", "192.0.2.50", port: 5062);
        alice.Subscribe(Bob, "Record-Route: <sip:192.0.2.50:5062>, <sip:192.0.2.51;lr>");
        await alice.Expect("200");
        RawMessage notify = await proxy.Notified();

        Assert.Equal("sip:192.0.2.50:5062", notify.RequestUri);
        Assert.Equal(["<sip:192.0.2.51;lr>", $"<{RawMessage.UriOf(alice.Contact)}>"], notify.Elements("Route"));
    });

    [Fact]
    public void Contact_WithAHostName_IsLocated() => Play(async (s, alice, _) =>
    {
        ScriptedUa phone = s.Ua("phone", "2001:db8::77", port: 5060);
        s.Dns.Address("phone.example", "2001:db8::77");
        s.Warm("sip:phone.example:5060");
        alice.Subscribe(Bob, "Contact: <sip:alice@phone.example:5060>");
        await alice.Expect("200");
        Assert.Equal("sip:alice@phone.example:5060", (await phone.Notified()).RequestUri);
    });

    [Fact]
    public void Contact_ThatIsAGruuOfOurs_IsWhereTheDeviceIsRegistered() => Play(async (s, _, _) =>
    {
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        await s.Register(carol, ";+sip.instance=\"<urn:uuid:1>\"", "Supported: gruu");
        RawMessage subscribe = carol.Subscribe(Bob, "Contact: <sip:carol@example.com;gr=urn:uuid:1>");
        RawMessage ok = await carol.Expect("200");
        Assert.Equal(RawMessage.UriOf(carol.Contact), (await carol.Notified()).RequestUri);

        carol.Send(carol.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nContact: <sip:carol@example.com;gr=urn:uuid:1>"));
        await carol.Expect("200");
        Assert.Equal(RawMessage.UriOf(carol.Contact), (await carol.Notified()).RequestUri);
        carol.Subscribe(Bob, "Contact: <sip:carol@example.com;gr=urn:uuid:2>");
        await carol.Expect("480");
    });

    [Theory]
    [InlineData("Contact: <sip:alice@192.0.2.50:5062>")]
    [InlineData("Record-Route: <sip:192.0.2.50:5062;lr>")]
    public void PlaceOfSomebodyElse_IsToldNothingUntilItAnswers(string headers) => Play(async (s, alice, bob) =>
    {
        ScriptedUa other = s.Ua("proxy", "192.0.2.50", port: 5062);
        alice.Subscribe(Bob, headers);
        await alice.Expect("200");
        RawMessage first = await other.Expect("NOTIFY");
        Assert.Equal(("pending;expires=3600", "0", ""), (first["Subscription-State"], first["Content-Length"], first.Body));
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        Assert.All(await other.Listen(TimeSpan.FromSeconds(5)), again => Assert.Equal(first.Text, again.Text));

        other.Respond(first, 200);
        RawMessage second = await other.Notified();
        Assert.Equal("active;expires=3595", second["Subscription-State"]);
        Assert.Equal(Availability.Away, Presence.Of(second).Availability);
        bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
        await bob.Expect("200");
        Assert.Equal(Availability.Busy, Presence.Of(await other.Notified()).Availability);
    });

    [Theory]
    [InlineData("Expires: 600", 0)]
    [InlineData("Expires: 0", 0)]
    [InlineData("Expires: 600", 481)]
    [InlineData("Expires: 0", 500)]
    public void PlaceOfSomebodyElse_ThatWantsNothing_GetsNothingLarge(string expires, int status) => Play(async (s, alice, _) =>
    {
        ScriptedUa other = s.Ua("victim", "192.0.2.50", port: 5062);
        alice.Subscribe(Bob, $"Contact: <sip:alice@192.0.2.50:5062>\n{expires}");
        await alice.Expect("200");
        RawMessage first = await other.Expect("NOTIFY");
        Assert.Equal("", first.Body);
        if (status != 0)
        {
            other.Respond(first, status);
        }

        Assert.All(await other.Listen(TimeSpan.FromSeconds(60)), notify => Assert.Equal("", notify.Body));
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Fetch_ForSomebodyElse_IsToldWhenHeAnswers() => Play(async (s, alice, _) =>
    {
        ScriptedUa other = s.Ua("proxy", "192.0.2.50", port: 5062);
        alice.Subscribe(Bob, "Expires: 0\nRecord-Route: <sip:192.0.2.50:5062;lr>");
        await alice.Expect("200");
        Assert.Equal("pending;expires=0", (await other.Notified())["Subscription-State"]);
        RawMessage only = await other.Notified();
        Assert.Equal("terminated;reason=timeout", only["Subscription-State"]);
        Assert.Equal(Availability.Online, Presence.Of(only).Availability);
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
    });

    // The answer to an earlier NOTIFY, which says that it answers the later one.
    [Fact]
    public void Renew_WithThePlaceOfSomebodyElse_IsToldNothingThoughAnAnswerLies() => Play(async (s, alice, bob) =>
    {
        ScriptedUa other = s.Ua("victim", "192.0.2.50", port: 5062);
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        RawMessage first = await alice.Expect("NOTIFY");
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nContact: <sip:alice@192.0.2.50:5062>"));
        await alice.Expect("200");
        RawMessage second = await other.Expect("NOTIFY");

        alice.Respond(first.Changed("CSeq", second["CSeq"]!), 200);
        bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
        await bob.Expect("200");
        Assert.All(await other.Listen(TimeSpan.FromSeconds(5)), notify => Assert.Equal("", notify.Body));
    });

    [Fact]
    public void Renew_WithThePlaceOfSomebodyElse_IsToldNothingUntilItAnswers() => Play(async (s, alice, bob) =>
    {
        ScriptedUa other = s.Ua("victim", "192.0.2.50", port: 5062);
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        RawMessage stillThere = await alice.Expect("NOTIFY");

        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nContact: <sip:alice@192.0.2.50:5062>"));
        await alice.Expect("200");
        RawMessage first = await other.Expect("NOTIFY");
        alice.Respond(stillThere, 200); // of an earlier one: that says nothing of this place
        Assert.All(await other.Listen(TimeSpan.FromSeconds(5)), again => Assert.Equal(first.Text, again.Text));
        Assert.Equal("", first.Body);

        other.Respond(first, 200);
        Assert.Equal(Availability.Away, Presence.Of(await other.Notified()).Availability);
    });

    [Fact]
    public void PlaceOfSomebodyElse_WhereEverybodyIsBelieved_IsToldAtOnce() => Play(
        async (s, alice, _) =>
        {
            ScriptedUa other = s.Ua("proxy", "192.0.2.50", port: 5062);
            alice.Subscribe(Bob, "Contact: <sip:alice@192.0.2.50:5062>");
            await alice.Expect("200");
            Assert.Equal(Availability.Online, Presence.Of(await other.Notified()).Availability);
        },
        new ServerOptions { Presence = new() { BelievesEverybody = true } });

    [Theory]
    [InlineData("192.0.2.90", "200")]
    [InlineData("192.0.2.91", "403")]
    public void UserOfAnotherDomain_IsBelievedWhereATrustedPeerSends(string address, string status) => Play(
        async (s, _, _) =>
        {
            ScriptedUa dave = s.Ua("dave", address);
            dave.Subscribe(Bob, "From: <sip:dave@other.example>;tag=1");
            await dave.Expect(status);
        },
        new ServerOptions { Peers = [new() { Domain = "other.example", Targets = [PeerTarget.Parse("192.0.2.90")!], IsTrusted = true }] });

    [Fact]
    public void Connection_IsUsedForNotifys() => Play(async (s, _, _) =>
    {
        ScriptedUa carol = s.Ua("carol", "192.0.2.30", tcp: true);
        await s.Register(carol);
        carol.Subscribe(Bob, "Contact: <sip:carol@192.0.2.30:5099;transport=tcp>");
        RawMessage ok = await carol.Expect("200");
        Assert.Equal("<sip:192.0.2.1:5060;transport=tcp>", ok["Contact"]);
        await carol.Notified();
    });

    /// <summary>Nothing but the path that the phone has opened passes a translator: a connection would be waited for in vain.</summary>
    [Theory]
    [InlineData("192.0.2.30", "192.0.2.1", "192.0.2.30:1024", true)]
    [InlineData("192.0.2.30", "192.0.2.1", "10.0.0.5:1024", false)]
    [InlineData("192.0.2.30", "192.0.2.1", "192.0.2.30:5060", false)]
    [InlineData("2001:db8::30", "2001:db8::1", "[2001:db8::30]:1024", true)]
    [InlineData("2001:db8::30", "2001:db8::1", "[2001:db8::30]", false)]
    public void LongNotify_GoesByTcpUnlessTheWatcherIsBehindATranslator(string address, string server, string sentBy, bool byTcp) => Play(async (s, _, bob) =>
    {
        MemoryHost host = s.World.Network.Host("carol", address);
        ScriptedUa carol = ScriptedUa.Udp(s.World, host, "carol", address, new(IPAddress.Parse(server), 5060), port: 1024);
        var byStream = new Connections();
        using IStreamListener listening = host.ListenStream(carol.Local, byStream);
        await s.Register(carol);
        bob.Publish(PresenceDocument.Of(Bob, Availability.Busy, new string('x', 2000)));
        await bob.Expect("200");
        carol.Subscribe(Bob, $"Via: SIP/2.0/UDP {sentBy};branch=z9hG4bK1;rport");
        await carol.Expect("200");
        await s.World.Until(() => byStream.Count > 0 || carol.Unread.Count > 0);
        Assert.Equal(byTcp ? (1, 0) : (0, 1), (byStream.Count, carol.Unread.Count));
    });

    private sealed class Connections : IStreamAcceptor
    {
        public int Count { get; private set; }

        public IStreamReceiver? Accepted(IStreamConnection connection)
        {
            Count++;
            return null;
        }
    }

    [Fact]
    public void Device_NamedByItsGruu_IsAskedItself() => Play(async (s, alice, _) =>
    {
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        await s.Register(carol, ";+sip.instance=\"<urn:uuid:1>\"", "Supported: gruu");
        alice.Subscribe("sip:carol@example.com;gr=urn:uuid:1");
        carol.Respond(await carol.Expect("SUBSCRIBE"), 200);
        await alice.Expect("200");
    });

    internal static void Play(Func<ServerWorld, ScriptedUa, ScriptedUa, Task> scenario, ServerOptions? options = null) => ServerWorld.Play(
        async s =>
        {
            ScriptedUa alice = s.Ua("alice", "192.0.2.10");
            ScriptedUa bob = s.Ua("bob", "2001:db8::20");
            await s.Register(alice, bob);
            await scenario(s, alice, bob);
        },
        options);
}
