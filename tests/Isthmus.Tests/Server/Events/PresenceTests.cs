// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

public sealed class PresenceTests
{
    [Theory]
    [InlineData("192.0.2.10", false)]
    [InlineData("192.0.2.10", true)]
    [InlineData("2001:db8::10", false)]
    [InlineData("2001:db8::10", true)]
    public void Subscribe_ThenPublish_IsNotifiedAtOnce(string address, bool tcp) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s, address, tcp);

        RawMessage subscribe = alice.Subscribe("sip:bob@example.com");
        RawMessage ok = await alice.Expect("200");
        RawMessage first = await alice.Notified();
        bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.Busy, "in a meeting"));
        await bob.Expect("200");
        RawMessage second = await alice.Notified();

        Assert.Equal("3600", ok["Expires"]);
        Assert.Equal(RawMessage.UriOf(alice.Contact), first.RequestUri);
        Assert.Equal(subscribe["From"], first["To"]);
        Assert.Equal(ok["To"], first["From"]);
        Assert.Equal("presence", first["Event"]);
        Assert.Equal("active;expires=3600", first["Subscription-State"]);
        Assert.Equal(("1 NOTIFY", "2 NOTIFY"), (first["CSeq"], second["CSeq"]));
        Assert.Equal((Availability.Online, null), Presence.Of(first));
        Assert.Equal((Availability.Busy, "in a meeting"), Presence.Of(second));
        Assert.Equal(1, s.Proxy.Events.Notifier.Count);
    });

    [Fact]
    public void Subscribe_AgainWithExpires0_EndsIt() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        RawMessage subscribe = alice.Subscribe("sip:bob@example.com");
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();

        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nExpires: 0"));
        Assert.Equal("0", (await alice.Expect("200"))["Expires"]);
        RawMessage last = await alice.Notified();

        Assert.Equal("terminated;reason=timeout", last["Subscription-State"]);
        Assert.Equal(Availability.Online, Presence.Of(last).Availability);
        bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.Away));
        await bob.Expect("200");
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
    });

    [Fact]
    public void Subscribe_NotRenewed_EndsWithTimeout() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        alice.Subscribe("sip:bob@example.com", "Expires: 60");
        await alice.Expect("200");
        await alice.Notified();

        RawMessage last = await alice.Notified(TimeSpan.FromSeconds(61));

        Assert.Equal("terminated;reason=timeout", last["Subscription-State"]);
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Registration_ComesAndGoes_IsSeen() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        alice.Subscribe("sip:bob@example.com");
        await alice.Expect("200");
        Assert.Equal(Availability.Online, Presence.Of(await alice.Notified()).Availability);

        await s.Register(bob, expires: 0);
        Assert.Equal(Availability.Offline, Presence.Of(await alice.Notified()).Availability);
        await s.Register(bob, expires: 60);
        Assert.Equal(Availability.Online, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);
        Assert.Equal(Availability.Offline, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(130))).Availability);
    });

    [Fact]
    public void Changes_WithinTheInterval_TheLastIsTold() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        alice.Subscribe("sip:bob@example.com");
        await alice.Expect("200");
        await alice.Notified();
        string? tag = null;
        foreach (Availability availability in (Availability[])[Availability.Away, Availability.Busy, Availability.OnThePhone, Availability.Online, Availability.Away])
        {
            bob.Publish(PresenceDocument.Of("sip:bob@example.com", availability), tag is null ? "" : $"SIP-If-Match: {tag}");
            tag = (await bob.Expect("200"))["SIP-ETag"];
        }

        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified()).Availability);
        bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.Busy), $"SIP-If-Match: {tag}");
        await bob.Expect("200");
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(4)));
        Assert.Equal(Availability.Busy, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(1.5))).Availability);
    });

    private static async Task<(ScriptedUa Alice, ScriptedUa Bob)> Pair(ServerWorld s, string address = "192.0.2.10", bool tcp = false)
    {
        ScriptedUa alice = s.Ua("alice", address, tcp);
        ScriptedUa bob = s.Ua("bob", "2001:db8::20");
        await s.Register(alice, bob);
        return (alice, bob);
    }
}
