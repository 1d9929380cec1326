// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;

namespace Isthmus.Tests.Server.Events;

public sealed class EventShowTests
{
    [Fact]
    public void Show_SaysWhoWatchesWhomAndWhoIsThere() => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            alice.Subscribe("sip:bob@example.com", "Expires: 600");
            await alice.Expect("200");
            await alice.Notified();
            bob.Subscribe("sip:alice@example.com");
            await bob.Expect("200");
            await bob.Notified();
            bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.OnThePhone, "with carol"));
            await bob.Expect("200");
            await alice.Notified();

            Assert.Equal(
                [
                    new PresenceView("sip:alice@example.com", "online", null, 0, 1),
                    new PresenceView("sip:bob@example.com", "on-the-phone", "with carol", 1, 1),
                ],
                EventShow.Presence(s.Proxy.Events));
            Assert.Equal(
                [
                    new SubscriptionView("presence", "sip:alice@example.com", "sip:bob@example.com", "polite-block", false, "IPv6", "udp", $"{bob.Local}", 3599, 1),
                    new SubscriptionView("presence", "sip:bob@example.com", "sip:alice@example.com", "allow", false, "IPv4", "udp", $"{alice.Local}", 599, 2),
                ],
                EventShow.Subscriptions(s.Proxy.Events));
        },
        new ServerOptions { WatchRules = [new() { User = "alice@example.com", PoliteBlock = ["bob@example.com"] }] });
}
