// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Events;
using Isthmus.Server.Storing;
using Isthmus.Sip;
using Isthmus.Testing;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Events;

/// <summary>A server that is stopped and started again on the same store: its watchers need not subscribe anew.</summary>
public sealed class RestartTests
{
    private const string Bob = "sip:bob@example.com";

    private static readonly IPEndPoint At = new(IPAddress.Parse("192.0.2.1"), 5060);

    [Fact]
    public void Watcher_AfterARestart_IsToldAllWithHigherNumbers() => Play(async (world, start) =>
    {
        ScriptedUa alice = Ua(world, "alice", "192.0.2.10");
        ScriptedUa bob = Ua(world, "bob", "192.0.2.20");
        RawMessage subscribe;
        RawMessage ok;
        string tag;
        await using (IsthmusServer first = await start())
        {
            await Register(world, alice);
            await Register(world, bob);
            subscribe = alice.Subscribe(Bob);
            ok = await alice.Expect("200");
            await alice.Notified();
            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy, "in a meeting"));
            tag = (await bob.Expect("200"))["SIP-ETag"]!;
            await alice.Notified();
        }

        await world.Delay(TimeSpan.FromSeconds(100));
        await using IsthmusServer second = await start();
        RawMessage again = await alice.Notified();

        Assert.True(Presence.Of(again).Availability == Availability.Busy, again.Text + world.Network.Ladder);
        Assert.Equal(("201 NOTIFY", ok["To"], subscribe["From"]), ((string?)again["CSeq"], again["From"], again["To"]));
        Assert.Matches("^active;expires=3[45][0-9][0-9]$", again["Subscription-State"]);
        Assert.Equal(1, Assert.Single(EventShow.Subscriptions(second.Proxy.Events)).Notified);

        // The dialog and the publication go on.
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away), $"SIP-If-Match: {tag}");
        await bob.Expect("200");
        Assert.Equal(Availability.Away, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nExpires: 0"));
        await alice.Expect("200");
        Assert.Equal("terminated;reason=timeout", (await alice.Notified())["Subscription-State"]);
    });

    [Fact]
    public void Number_ThatTheStoreDoesNotHaveYet_IsNotUsed() => SubscribeTests.Play(async (s, alice, _) =>
    {
        s.Proxy.Events.Notifier.Journal = new EventJournal(s.Writer, s.Stack.Timers);
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        s.Writer.TryPost(new Statement("ALTER TABLE subscription RENAME TO elsewhere"));

        uint cseq = 100;
        for (; cseq < 299; cseq++)
        {
            await Renew();
            Assert.Equal($"{cseq - 98} NOTIFY", (await alice.Notified())["CSeq"]);
        }

        await Renew();
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(20)));
        s.Writer.TryPost(new Statement("ALTER TABLE elsewhere RENAME TO subscription"));
        Assert.Equal("201 NOTIFY", (await alice.Notified(TimeSpan.FromSeconds(6)))["CSeq"]);
        cseq++;
        await Renew();
        Assert.Equal("202 NOTIFY", (await alice.Notified())["CSeq"]);

        async Task Renew()
        {
            alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: cseq, headers: "Event: presence"));
            await alice.Expect("200");
        }
    });

    [Fact]
    public void Ended_BeforeARestart_IsNotThereAfterwards() => Play(async (world, start) =>
    {
        ScriptedUa alice = Ua(world, "alice", "192.0.2.10");
        await using (IsthmusServer first = await start())
        {
            await Register(world, alice);
            alice.Subscribe(Bob);
            await alice.Expect("200");
            await alice.Notified(status: 481);
            alice.Subscribe(Bob, "Expires: 60");
            await alice.Expect("200");
            await alice.Notified();
            alice.Subscribe(Bob, "Expires: 0");
            await alice.Expect("200");
            await alice.Notified();
            alice.Publish(PresenceDocument.Of("sip:alice@example.com", Availability.Away), "Expires: 60");
            string? tag = (await alice.Expect("200"))["SIP-ETag"];
            alice.Publish(PresenceDocument.Of("sip:alice@example.com", Availability.Busy));
            tag = (await alice.Expect("200"))["SIP-ETag"];
            alice.Publish(null, $"SIP-If-Match: {tag}\nExpires: 0");
            await alice.Expect("200");
        }

        await world.Delay(TimeSpan.FromSeconds(61));
        await using IsthmusServer second = await start();

        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(5)));
        Assert.Equal((0, 0), (second.Proxy.Events.Notifier.Count, second.Proxy.Events.Publications.Count));
        Assert.Empty(second.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Rule_ThatForbidsSince_EndsItWithAWord() => Play(
        async (world, start) =>
        {
            ScriptedUa alice = Ua(world, "alice", "192.0.2.10");
            RawMessage subscribe;
            RawMessage ok;
            await using (IsthmusServer first = await start())
            {
                await Register(world, alice);
                subscribe = alice.Subscribe(Bob);
                ok = await alice.Expect("200");
                await alice.Notified();
            }

            await using IsthmusServer second = await start();
            Assert.Equal("terminated;reason=rejected", (await alice.Notified())["Subscription-State"]);
            alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence"));
            await alice.Expect("481");
            Assert.Empty(second.Proxy.Events.Hub.All);
        },
        new WatchRule { User = "bob@example.com", Deny = ["alice@example.com"] });

    [Fact]
    public void Rule_ThatWantsToConfirmSince_LetsTheWatcherAskAnew() => Play(
        async (world, start) =>
        {
            ScriptedUa alice = Ua(world, "alice", "192.0.2.10");
            await using (IsthmusServer first = await start())
            {
                await Register(world, alice);
                alice.Subscribe(Bob);
                await alice.Expect("200");
                await alice.Notified();
            }

            await using IsthmusServer second = await start();
            Assert.Equal("terminated;reason=deactivated", (await alice.Notified())["Subscription-State"]);
        },
        new WatchRule { User = "bob@example.com", Confirm = ["alice@example.com"] });

    [Fact]
    public void List_AfterARestart_IsThereUnlessThePhoneBroughtItAlong() => Play(async (world, start) =>
    {
        ScriptedUa alice = Ua(world, "alice", "192.0.2.10");
        RawMessage brought;
        RawMessage ok;
        await using (IsthmusServer first = await start())
        {
            await Register(world, alice);
            alice.Subscribe("sip:team@example.com", "Supported: eventlist\nUser-Agent: Linphonec/5.1.65");
            await alice.Expect("200");
            await alice.Notified();
            string body = "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list><entry uri='sip:bob@example.com'/></list></resource-lists>";
            brought = alice.Send(alice.Request(
                "SUBSCRIBE", "sip:friends@example.com", "Event: presence\nSupported: eventlist\nRequire: recipient-list-subscribe\nContent-Type: application/resource-lists+xml", body));
            ok = await alice.Expect("200");
            await alice.Notified();
        }

        await using IsthmusServer second = await start();
        RawMessage again = await alice.Notified();

        Assert.Equal("Presence", again["Event"]);
        Assert.Contains("uri=\"sip:team@example.com\"", again.Body, StringComparison.Ordinal);
        Assert.Contains("fullState=\"true\"", again.Body, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Id: ", again.Body, StringComparison.Ordinal);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(5)));
        alice.Send(alice.InDialog("SUBSCRIBE", brought, ok, cseq: 100, headers: "Event: presence\nSupported: eventlist\nRequire: recipient-list-subscribe"));
        await alice.Expect("481");
    });

    private static void Play(Func<World, Func<Task<IsthmusServer>>, Task> scenario, params WatchRule[] later)
    {
        using var world = new World();
        using var folder = new TemporaryFolder();
        MemoryHost host = world.Network.Host("server", At.Address.ToString());
        WatchRule[] rules = [];
        world.Run(() => scenario(world, Start));

        async Task<IsthmusServer> Start()
        {
            var options = new ServerOptions
            {
                Domains = [new DomainOptions { Name = "example.com" }],
                Listeners = [new() { Transport = SipTransport.Udp, Address = At.Address, Port = At.Port }],
                Store = new() { Path = folder["isthmus.db"] },
                WatchRules = rules,
                Lists = [new() { Address = ResourceListOptions.Read("team@example.com"), Members = [ResourceListOptions.Read("bob@example.com")!] }],
            };
            rules = later;
            ServerStart start = await IsthmusServer.StartAsync(options, host, world.Time);
            Assert.Empty(start.Problems);
            return start.Server!;
        }
    }

    private static ScriptedUa Ua(World world, string user, string address) => ScriptedUa.Udp(world, world.Network.Host(user, address), user, address, At);

    // The store is written by a thread of its own, for which no simulated time passes.
    private static async Task Register(World world, ScriptedUa ua)
    {
        ua.Send(ua.Request("REGISTER", "sip:example.com", to: $"<sip:{ua.User}@example.com>"));
        for (int i = 0; i < 3000 && ua.Unread.Count == 0; i++)
        {
            await world.Delay(TimeSpan.FromMilliseconds(1));
            SpinWait.SpinUntil(() => ua.Unread.Count > 0, TimeSpan.FromMilliseconds(10));
        }

        await ua.Expect("200");
    }

    private sealed class Statement(string sql) : IStoreWork
    {
        public void Write(StoreConnection store) => store.Statement(sql).Run();

        public void Done(string? problem) => Assert.Null(problem);
    }
}
