// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Server;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>Phone, our presence server, phone: an IPv6-only phone watches an IPv4-only one, and the reverse.</summary>
public sealed class PresenceThroughServerTests
{
    [Theory]
    [InlineData(SipTransport.Udp, SipTransport.Udp)]
    [InlineData(SipTransport.Udp, SipTransport.Tcp)]
    [InlineData(SipTransport.Tcp, SipTransport.Udp)]
    [InlineData(SipTransport.Tcp, SipTransport.Tcp)]
    public void Watch_AcrossTheVersions_IsToldWhatIsPublished(SipTransport six, SipTransport four)
    {
        PlayPair(async (scene, alice, bob) =>
        {
            foreach (var (watcher, watched) in ((SipPhone, SipPhone)[])[(alice, bob), (bob, alice)])
            {
                var watch = watcher.Watch(watched.Accounts[0].Address);
                Assert.Equal(SubscriptionPhase.Active, (await watch.Settled).Phase);
                Assert.Equal(Availability.Online, (await PresencePeer.Next(watch, 0)).Availability); // registered
                var publication = watched.Publish(Availability.Busy, "in a meeting");
                Assert.Equal(PublicationPhase.Published, (await publication.Settled).Phase);
                Assert.Equal((Availability.Busy, "in a meeting"), ((await PresencePeer.Next(watch, 1)).Availability, (await PresencePeer.Next(watch, 1)).Note));
                publication.Change(Availability.Away);
                Assert.Equal(Availability.Away, (await PresencePeer.Next(watch, 2)).Availability);
                await publication.DisposeAsync();
                Assert.Equal(Availability.Online, (await PresencePeer.Next(watch, 3)).Availability);
                var once = watcher.Watch(watched.Accounts[0].Address, new WatchOptions { Once = true });
                Assert.Equal(Availability.Online, (await PresencePeer.Next(once, 0)).Availability);
                await watch.DisposeAsync();
                await scene.Seconds(1);
                Assert.Equal((SubscriptionPhase.Ended, SubscriptionPhase.Ended), (watch.Subscription.Phase, once.Subscription.Phase));
            }
        }, six, four);
    }

    /// <summary>One subscription for a whole list: its users all at first, and then each as it changes.</summary>
    [Fact]
    public void Watch_AList_IsToldOfEverybodyInIt()
    {
        PlayPair(async (scene, alice, bob) =>
        {
            await using var watch = alice.Watch("friends");
            var first = new[] { await PresencePeer.Next(watch, 0), await PresencePeer.Next(watch, 1) };
            Assert.Equal([("sip:bob@example.com", Availability.Online), ("sip:carol@example.com", Availability.Offline)], first.Select(state => (state.Address, state.Availability!.Value)).Order());
            var publication = bob.Publish(Availability.Busy, "in a meeting");
            var change = await PresencePeer.Next(watch, 2);
            Assert.Equal(("sip:bob@example.com", Availability.Busy, "in a meeting"), (change.Address, change.Availability!.Value, change.Note));
            await publication.DisposeAsync();
            Assert.Equal(Availability.Online, (await PresencePeer.Next(watch, 3)).Availability);
        }, serve: scene => new PhoneServer(scene, lists: new ResourceListOptions { Address = Uri("friends"), Members = [Uri("bob"), Uri("carol")] }));

        static SipUri Uri(string user) => SipUri.TryParse($"sip:{user}@example.com", out var uri) ? uri : throw new ArgumentException(user);
    }

    /// <summary>RFC 3261 §18.1.1, also from a server that listens on all of its addresses.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Watch_OfALongState_IsToldByTcp(bool onAllAddresses)
    {
        PlayPair(async (scene, alice, bob) =>
        {
            var note = new string('x', 4000);
            await using var publication = bob.Publish(Availability.Busy, note);
            await publication.Settled;
            await using var watch = alice.Watch("bob");
            Assert.Equal(note, (await PresencePeer.Next(watch, 0)).Note);
            Assert.True(Assert.Single(scene.World.Network.Capture, sent => sent.FirstLine.StartsWith("NOTIFY ", StringComparison.Ordinal)).IsStream);
        }, serve: scene => new PhoneServer(scene, onAllAddresses: onAllAddresses));
    }

    /// <summary>What is watched and published is given up before the registration is, which lets the server hear the phone and find it.</summary>
    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void Dispose_WhileWatching_UnregistersAfterTheLastNotify(SipTransport transport)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            var alice = scene.Phone(scene.T7, new() { Accounts = [Account("alice", RegistrationMode.Ipv6)], Ipv6Transport = transport });
            Assert.True((await alice.RegisterAsync()).IsUsable);
            var publication = alice.Publish(Availability.Busy);
            await publication.Settled;
            var watch = alice.Watch("bob");
            await watch.Settled;
            var before = scene.World.Network.Capture.Count;
            await alice.DisposeAsync();
            var texts = scene.World.Network.Capture.Skip(before).Select(sent => sent.Text).ToList();
            var last = texts.FindIndex(text => text.StartsWith("NOTIFY ", StringComparison.Ordinal) && text.Contains("terminated", StringComparison.Ordinal));
            var end = texts.FindIndex(text => text.StartsWith("REGISTER ", StringComparison.Ordinal));
            Assert.InRange(last, 0, end);
            Assert.Equal((SubscriptionPhase.Ended, PublicationPhase.Ended, 200), (watch.Subscription.Phase, publication.State.Phase, publication.State.Status));
            Assert.All(texts.Where(text => text.StartsWith("SIP/2.0 ", StringComparison.Ordinal)), text => Assert.StartsWith("SIP/2.0 200", text, StringComparison.Ordinal));
        });
    }

    /// <summary>Somebody who watches is gone: the registration is taken back all the same.</summary>
    [Fact]
    public void Dispose_WhileSomebodyIsSilent_UnregistersNevertheless()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            using var silent = new ScriptedPeer(scene.T6, "10.0.0.6");
            var alice = scene.Phone(scene.T5, new() { Accounts = [Account("alice", RegistrationMode.Ipv6)] });
            Assert.True((await alice.RegisterAsync()).IsUsable);
            silent.Send(silent.NewRequest(SipMethod.Subscribe, "sip:alice@10.0.0.5", "watch", 1).Header(HeaderName.Event, "presence").Build(), scene);
            await silent.Response(200);
            silent.Respond(await silent.Request(SipMethod.Notify), 200);
            var since = scene.World.Time.GetUtcNow();
            await alice.DisposeAsync();
            Assert.Equal(alice.Options.Farewell, scene.World.Time.GetUtcNow() - since);
            Assert.Empty(server.Bindings);
        });
    }

    /// <summary>Both subscriptions and publications live for hours, and are refreshed by themselves.</summary>
    [Fact]
    public void Watch_ForHours_StaysSubscribed()
    {
        PlayPair(async (scene, alice, bob) =>
        {
            var publication = bob.Publish(Availability.Busy);
            await publication.Settled;
            var watch = alice.Watch("bob");
            await scene.Seconds(6 * 3600);
            Assert.Equal(SubscriptionPhase.Active, watch.Subscription.Phase);
            publication.Change(Availability.Away);
            Assert.Equal([Availability.Busy, Availability.Away], [(await PresencePeer.Next(watch, 0)).Availability, (await PresencePeer.Next(watch, 1)).Availability]);
            var phases = new List<SubscriptionPhase>();
            await watch.DisposeAsync();
            await foreach (var state in watch.SubscriptionStates())
            {
                phases.Add(state.Phase);
            }

            Assert.Equal([SubscriptionPhase.Subscribing, SubscriptionPhase.Active, SubscriptionPhase.Ended], phases);
        });
    }
}
