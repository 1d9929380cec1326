// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Events;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

public sealed class ManyWatchersTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Subscription_TakesLessThanTwoKilobytes() => ServerWorld.Play(s =>
    {
        const int Users = 1000;
        const int Watchers = 10;
        EventServer events = s.Proxy.Events;
        IEventPackage presence = events.Hub.Packages.Find("presence")!;
        string[] aors = [.. Enumerable.Range(0, Users).Select(user => $"sip:user{user}@example.com")];
        byte[][] heads = [.. Enumerable.Range(0, Users * Watchers).Select(Head)];
        Target hop = new(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("192.0.2.10"), 5060));

        // What is allocated for them is what they take, or more.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Users * Watchers; i++)
        {
            var record = new SubscriptionRecord((ulong)i + 1, (ulong)i + 1, heads[i].AsSpan().ToArray(), hop with { }, 1, 1, events.Notifier.Now + 3_600_000);
            var watch = new ResourceWatch(events.Hub, presence, aors[i / Watchers], Access.Allow);
            Assert.Null(events.Notifier.Places.Take((ulong)i));
            var subscription = new Subscription(events.Notifier, presence, watch, record) { WatcherNumber = (ulong)i };
            events.Notifier.Add(subscription);
            subscription.Restore();
            ((IEventSource)watch).Take(isFull: true);
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / (Users * Watchers);
        Assert.InRange(each, 500, 2047);
        return Task.CompletedTask;
    });

    [Fact]
    public void Change_OfAUserWithManyWatchers_IsToldToAll() => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            for (int i = 0; i < 600; i++)
            {
                alice.Subscribe(Bob);
                await alice.Expect("200");
                await alice.Notified();
            }

            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
            await bob.Expect("200");
            var told = new HashSet<string?>();
            while (told.Count < 600)
            {
                RawMessage notify = await alice.Notified();
                Assert.Equal(Availability.Busy, Presence.Of(notify).Availability);
                Assert.True(told.Add(notify["Call-ID"]));
            }

            Assert.Equal(600, s.Proxy.Events.Notifier.Count);
        });

    private static byte[] Head(int number) => Encoding.ASCII.GetBytes(
        $"NOTIFY sip:watcher{number}@192.0.2.10:5060;transport=udp SIP/2.0\r\nRoute: <sip:192.0.2.50:5060;lr;mark=0123456789abcdef>\r\nFrom: <sip:user{number / 10}@example.com>;tag=0123456789abcdef\r\n"
        + $"To: \"Watcher {number}\" <sip:watcher{number}@example.com>;tag=0123456789abcdef\r\nCall-ID: 0123456789abcdef0123456789abcdef-{number}@192.0.2.10\r\nEvent: presence\r\n"
        + "Contact: <sip:192.0.2.1:5060>\r\nMax-Forwards: 70\r\n");
}
