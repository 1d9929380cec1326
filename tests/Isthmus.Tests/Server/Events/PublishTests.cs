// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

public sealed class PublishTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Publication_IsMadeKeptChangedAndRemoved() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob);
        await alice.Expect("200");
        await alice.Notified();

        bob.Publish(PresenceDocument.Of(Bob, Availability.Away), "Expires: 600");
        RawMessage made = await bob.Expect("200");
        Assert.Equal("600", made["Expires"]);
        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified()).Availability);

        bob.Publish(null, $"SIP-If-Match: {made["SIP-ETag"]}");
        RawMessage kept = await bob.Expect("200");
        Assert.Equal("3600", kept["Expires"]);

        bob.Publish(PresenceDocument.Of(Bob, Availability.Busy), $"SIP-If-Match: {kept["SIP-ETag"]}");
        RawMessage changed = await bob.Expect("200");
        Assert.Equal(Availability.Busy, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);

        bob.Publish(null, $"SIP-If-Match: {changed["SIP-ETag"]}\nExpires: 0");
        RawMessage removed = await bob.Expect("200");
        Assert.Equal("0", removed["Expires"]);
        Assert.Equal(Availability.Online, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);

        Assert.Equal(4, new[] { made, kept, changed, removed }.Select(ok => ok["SIP-ETag"]).Distinct().Count());
        foreach (RawMessage old in (RawMessage[])[made, kept, changed, removed])
        {
            bob.Publish(null, $"SIP-If-Match: {old["SIP-ETag"]}");
            await bob.Expect("412");
        }

        Assert.Equal(0, s.Proxy.Events.Publications.Count);
    });

    [Fact]
    public void Publication_NotKept_Expires() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob, "Expires: 300");
        await alice.Expect("200");
        await alice.Notified();
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away), "Expires: 60");
        RawMessage ok = await bob.Expect("200");
        await alice.Notified();
        await s.World.Delay(TimeSpan.FromSeconds(50));
        bob.Publish(null, $"Expires: 60\nSIP-If-Match: {ok["SIP-ETag"]}");
        await bob.Expect("200");
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(50)));

        Assert.Equal(Availability.Online, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(11))).Availability);
        Assert.Equal(0, s.Proxy.Events.Publications.Count);
        await s.World.Delay(TimeSpan.FromSeconds(300));
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void TwoDevices_AreComposed() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        ScriptedUa desk = s.Ua("bob", "192.0.2.21");
        await s.Register(desk);
        alice.Subscribe(Bob, "Expires: 600");
        await alice.Expect("200");
        await alice.Notified();

        desk.Publish(PresenceDocument.Of(Bob, Availability.Offline, contact: "sip:bob@192.0.2.21"));
        await desk.Expect("200");
        await alice.Notified();
        bob.Publish(PresenceDocument.Of(Bob, Availability.OnThePhone, contact: "sip:bob@[2001:db8::20]"));
        await bob.Expect("200");
        RawMessage both = await alice.Notified(TimeSpan.FromSeconds(6));

        Assert.Equal(Availability.OnThePhone, Presence.Of(both).Availability);
        Assert.Contains("sip:bob@192.0.2.21", both.Body, StringComparison.Ordinal);
        Assert.Contains("sip:bob@[2001:db8::20]", both.Body, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("Content-Type: application/pidf+xml", "not xml", "400")]
    [InlineData("Content-Type: application/pidf+xml", "<!DOCTYPE lolz [<!ENTITY a \"aaaa\">]><presence>&a;</presence>", "400")]
    [InlineData("Content-Type: application/pidf+xml", "", "400")]
    [InlineData("Content-Type: text/plain", "open", "415")]
    [InlineData("Content-Type: application/pidf+xml\nContent-Encoding: gzip", "x", "415")]
    [InlineData("Expires: 5", "", "423")]
    [InlineData("SIP-If-Match: nothing", "", "412")]
    [InlineData("SIP-If-Match: a\nSIP-If-Match: b", "", "400")]
    [InlineData("Require: one, two", "", "420")]
    public void Publish_Unfit_IsRefusedAndLeavesNothing(string headers, string body, string status) => SubscribeTests.Play(async (s, _, bob) =>
    {
        string missing = headers.Contains("Event:", StringComparison.Ordinal) ? "" : "Event: presence\n";
        bob.Send(bob.Request("PUBLISH", Bob, missing + headers, body));
        await bob.Expect(status);
        Assert.Equal(0, s.Proxy.Events.Publications.Count);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Publish_ForSomebodyElse_Is403() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Send(alice.Request("PUBLISH", Bob, "Event: presence\nContent-Type: application/pidf+xml", "<x/>"));
        await alice.Expect("403");
        ScriptedUa mallory = s.Ua("bob", "192.0.2.66");
        mallory.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await mallory.Expect("403");
    });

    [Fact]
    public void Flood_OfPublishes_IsNotifiedSeldom() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob, "Expires: 600");
        await alice.Expect("200");
        await alice.Notified();
        string tag = "";
        for (int i = 0; i < 500; i++)
        {
            bob.Publish(PresenceDocument.Of(Bob, i % 2 == 0 ? Availability.Away : Availability.Busy), tag.Length == 0 ? "" : $"SIP-If-Match: {tag}");
            tag = (await bob.Expect("200"))["SIP-ETag"]!;
            await s.World.Delay(TimeSpan.FromMilliseconds(20));
        }

        int heard = 0;
        while (alice.Unread.Count > 0)
        {
            await alice.Notified();
            heard++;
        }

        Assert.InRange(heard, 1, 3); // the first waits for its answer, which this user agent gives at the end
        Assert.Equal(Availability.Busy, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);
        Assert.Equal(1, s.Proxy.Events.Publications.Count);
    });
}
