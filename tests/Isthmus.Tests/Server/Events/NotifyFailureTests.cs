// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>RFC 6665 §4.2.2: what becomes of a subscription whose NOTIFY fails.</summary>
public sealed class NotifyFailureTests
{
    private const string Bob = "sip:bob@example.com";

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(408)]
    [InlineData(410)]
    [InlineData(416)]
    [InlineData(480)]
    [InlineData(481)]
    [InlineData(485)]
    [InlineData(489)]
    [InlineData(501)]
    [InlineData(604)]
    public void Answer_ThatEndsIt(int status) => SubscribeTests.Play(async (s, alice, bob) =>
    {
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        await alice.Notified(status: status);

        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence"));
        await alice.Expect("481");
    });

    [Theory]
    [InlineData(400)]
    [InlineData(486)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(603)]
    public void Answer_ThatDoesNot(int status) => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob);
        await alice.Expect("200");
        await alice.Notified(status: status);
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified()).Availability);
    });

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(603)]
    public void Answer_ThatDoesNot_TheStateIsToldAgainUntilItIsTaken(int status) => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob);
        await alice.Expect("200");
        await alice.Notified();
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        await alice.Notified(status: status);

        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(29)));
        await alice.Notified(TimeSpan.FromSeconds(2), status);
        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(31))).Availability);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(60)));
    });

    [Fact]
    public void Answer_WithRetryAfter_NothingIsToldBefore() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob);
        await alice.Expect("200");
        alice.Respond(await alice.Expect("NOTIFY"), 503, headers: "Retry-After: 100");
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");

        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(98)));
        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(4))).Availability);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(200)));
    });

    [Fact]
    public void Silence_EndsIt_AndNoSecondNotifyGoesMeanwhile() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        alice.Subscribe(Bob);
        await alice.Expect("200");
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");

        IReadOnlyList<RawMessage> heard = await alice.Listen(TimeSpan.FromSeconds(40));

        Assert.Single(heard.Select(notify => notify["CSeq"]).Distinct());
        Assert.Equal(0, s.Proxy.Events.Notifier.Count);
    });

    [Fact]
    public void LostConnection_AndNobodyAtTheContact_EndsIt() => SubscribeTests.Play(async (s, _, bob) =>
    {
        ScriptedUa carol = s.Ua("carol", "192.0.2.30", tcp: true);
        await s.Register(carol);
        carol.Subscribe(Bob);
        await carol.Expect("200");
        await carol.Notified();
        carol.Close();

        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        await s.World.Until(() => s.Proxy.Events.Notifier.Count == 0, TimeSpan.FromSeconds(40));
    });
}
