// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>docs/limits.md: what subscriptions and publications beyond the limits get.</summary>
public sealed class EventLimitsTests
{
    private const string Alice = "sip:alice@example.com";
    private const string Bob = "sip:bob@example.com";

    [Theory]
    [InlineData(1, 1000, "503 Too Many Subscriptions", "30", "bob")]
    [InlineData(1000, 1, "403 Too Many Subscriptions", null, "alice")]
    public void Subscription_BeyondTheLimit_IsRefusedUntilOneGoes(int all, int each, string answer, string? retryAfter, string second) => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            ScriptedUa other = second == "bob" ? bob : alice;
            RawMessage subscribe = alice.Subscribe(Bob);
            RawMessage ok = await alice.Expect("200");
            await alice.Notified();

            other.Subscribe(Alice);
            RawMessage refused = await other.Expect(answer[..3]);
            Assert.Equal((answer, retryAfter), (refused.FirstLine[8..], refused["Retry-After"]));

            alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence"));
            await alice.Expect("200");
            await alice.Notified();
            alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 101, headers: "Event: presence\nExpires: 0"));
            await alice.Expect("200");
            await alice.Notified();
            other.Subscribe(Alice);
            await other.Expect("200");
        },
        new ServerOptions { Limits = new() { Subscriptions = all, SubscriptionsPerUser = each } });

    [Theory]
    [InlineData(1, 16, "503 Too Many Publications", "30")]
    [InlineData(100, 1, "403 Too Many Publications", null)]
    public void Publication_BeyondTheLimit_IsRefusedUntilOneGoes(int all, int each, string answer, string? retryAfter) => SubscribeTests.Play(
        async (s, _, bob) =>
        {
            PresenceDocument away = PresenceDocument.Of(Bob, Availability.Away);
            bob.Publish(away);
            string? tag = (await bob.Expect("200"))["SIP-ETag"];

            bob.Publish(away);
            RawMessage refused = await bob.Expect(answer[..3]);
            Assert.Equal((answer, retryAfter), (refused.FirstLine[8..], refused["Retry-After"]));

            bob.Publish(away, $"SIP-If-Match: {tag}");
            tag = (await bob.Expect("200"))["SIP-ETag"];
            bob.Publish(null, $"SIP-If-Match: {tag}\nExpires: 0");
            await bob.Expect("200");
            bob.Publish(away);
            await bob.Expect("200");
        },
        new ServerOptions { Limits = new() { Publications = all, PublicationsPerUser = each } });

    [Fact]
    public void TooLong_IsRefused() => SubscribeTests.Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, string.Join('\n', Enumerable.Range(0, 60).Select(i => $"Record-Route: <sip:192.0.2.50:{5000 + i};lr;{new string('x', 60)}>")));
        Assert.Equal("513 Too Much To Repeat In Every NOTIFY", (await alice.Expect("513")).FirstLine[8..]);
        alice.Publish(PresenceDocument.Of(Alice, Availability.Away, new string('x', 20_000)));
        Assert.Equal("413 Too Much Is Published", (await alice.Expect("413")).FirstLine[8..]);
        Assert.Equal((0, 0), (s.Proxy.Events.Notifier.Count, s.Proxy.Events.Publications.Count));
    });
}
