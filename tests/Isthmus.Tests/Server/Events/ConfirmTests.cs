// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Events;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>Watchers of whom the rules say that they are to be confirmed, and rules that are changed while they watch.</summary>
public sealed class ConfirmTests
{
    private const string Alice = "sip:alice@example.com";
    private const string Bob = "sip:bob@example.com";

    private static readonly WatchRule Confirmed = new() { User = "bob@example.com", Confirm = ["alice@example.com"] };
    private static readonly WatchRule Allowed = new() { User = "bob@example.com", Allow = ["alice@example.com"] };
    private static readonly WatchRule Denied = new() { User = "bob@example.com", Deny = ["alice@example.com"] };
    private static readonly WatchRule Blocked = new() { User = "bob@example.com", PoliteBlock = ["alice@example.com"] };

    private static readonly ResourceListOptions Team = new() { Address = ResourceListOptions.Read("team@example.com"), Members = [ResourceListOptions.Read("bob@example.com")!] };
    private static readonly ServerOptions ToConfirm = new() { WatchRules = [Confirmed] };

    [Fact]
    public void Subscribe_ToBeConfirmed_IsPendingAndTheUserSeesIt() => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            RawMessage subscribe = alice.Subscribe(Bob, "Expires: 600");
            RawMessage ok = await alice.Expect("200");
            Assert.Equal(("pending;expires=600", "0", ""), Pending(await alice.Notified()));

            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
            await bob.Expect("200");
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
            Assert.Equal((WatcherStatus.Pending, WatcherEvent.Subscribe), await WatcherOf(bob));

            alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nExpires: 900"));
            await alice.Expect("200");
            Assert.Equal(("pending;expires=900", "0", ""), Pending(await alice.Notified()));
        },
        ToConfirm);

    [Fact]
    public void Rule_ThatAllowsThen_IsFollowedByTheState() => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
            await bob.Expect("200");
            alice.Subscribe(Bob);
            await alice.Expect("200");
            await alice.Notified();
            Assert.Equal(WatcherStatus.Pending, (await WatcherOf(bob)).Status);
            s.Proxy.Events.Change([Allowed]);

            RawMessage notify = await alice.Notified();
            Assert.StartsWith("active;expires=", notify["Subscription-State"], StringComparison.Ordinal);
            Assert.Equal(Availability.Busy, Presence.Of(notify).Availability);
            Assert.Equal((WatcherStatus.Active, WatcherEvent.Approved), Read(await bob.Notified(TimeSpan.FromSeconds(6))));
            bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
            await bob.Expect("200");
            Assert.Equal(Availability.Away, Presence.Of(await alice.Notified(TimeSpan.FromSeconds(6))).Availability);
        },
        ToConfirm);

    [Fact]
    public void Rule_ThatDeniesThen_EndsIt() => SubscribeTests.Play(
        async (s, alice, _) =>
        {
            alice.Subscribe(Bob);
            await alice.Expect("200");
            await alice.Notified();
            s.Proxy.Events.Change([Denied]);

            Assert.Equal(("terminated;reason=rejected", "0", ""), Pending(await alice.Notified()));
            Assert.Equal(0, s.Proxy.Events.Notifier.Count);
            Assert.Empty(s.Proxy.Events.Hub.All);
            alice.Subscribe(Bob);
            await alice.Expect("403");
        },
        ToConfirm);

    [Fact]
    public void Rules_ThatChange_AreWhatWatchersSee() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
        await bob.Expect("200");
        alice.Subscribe(Bob);
        await alice.Expect("200");
        Assert.Equal(Availability.Busy, Presence.Of(await alice.Notified()).Availability);
        s.Proxy.Events.Change([Allowed]);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10))); // she sees what she saw
        s.Proxy.Events.Change([Blocked]);
        Assert.Equal(Availability.Offline, Presence.Of(await alice.Notified()).Availability);
        s.Proxy.Events.Change([Confirmed]);
        Assert.Equal("terminated;reason=deactivated", (await alice.Notified())["Subscription-State"]); // so she asks anew
        alice.Subscribe(Bob);
        await alice.Expect("200");
        Assert.StartsWith("pending", (await alice.Notified())["Subscription-State"], StringComparison.Ordinal);
    });

    [Fact]
    public void PendingNotify_ThatIsNotTaken_ComesAgainAfterAWhile() => SubscribeTests.Play(
        async (s, alice, _) =>
        {
            alice.Subscribe(Bob);
            await alice.Expect("200");
            await alice.Notified(status: 500);
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(29)));
            Assert.StartsWith("pending", (await alice.Notified(TimeSpan.FromSeconds(2)))["Subscription-State"], StringComparison.Ordinal);
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(90)));
        },
        ToConfirm);

    [Theory]
    [InlineData("confirm", "sip:bob@example.com")]
    [InlineData("block", "sip:bob@example.com")]
    [InlineData("confirm", "sip:team@example.com")]
    [InlineData("block", "sip:team@example.com")]
    public void Change_ThatTheWatcherMayNotSee_IsNotBetrayedByItsTime(string rule, string watched) => SubscribeTests.Play(
        async (s, alice, bob) =>
        {
            alice.Subscribe(watched, "Supported: eventlist");
            await alice.Expect("200");
            await alice.Notified(status: 500); // from here on she is told all as soon as there is news
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
            bob.Publish(PresenceDocument.Of(Bob, Availability.Busy));
            await bob.Expect("200");
            Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(19)));
            await alice.Notified(TimeSpan.FromSeconds(2));
        },
        new() { WatchRules = [rule == "confirm" ? Confirmed : Blocked], Lists = [Team] });

    [Fact]
    public void Rules_ThatChangeForMany_AreAskedInTurn() => SubscribeTests.Play(async (s, alice, _) =>
    {
        for (int i = 0; i < 3; i++)
        {
            alice.Subscribe(Bob);
            await alice.Expect("200");
            await alice.Notified();
        }

        var asked = new List<ulong>();
        InTurn.Begin(s.Stack, [.. s.Proxy.Events.Notifier.All], 2, subscription => asked.Add(subscription.Tag));
        Assert.Equal(2, asked.Count);
        await alice.Listen(TimeSpan.FromMilliseconds(200));
        Assert.Equal((3, 3), (asked.Count, asked.Distinct().Count()));
    });

    [Fact]
    public void MemberOfAList_IsPendingUntilARuleSaysMore() => SubscribeTests.Play(
        async (s, alice, _) =>
        {
            alice.Subscribe("sip:team@example.com", "Supported: eventlist");
            await alice.Expect("200");
            Assert.Equal("pending", InstanceIn(await alice.Notified()));
            foreach ((WatchRule rule, string state) in ((WatchRule, string)[])[(Allowed, "active"), (Denied, "terminated rejected"), (Blocked, "active"), (Confirmed, "pending")])
            {
                s.Proxy.Events.Change([rule]);
                Assert.Equal(state, InstanceIn(await alice.Notified(TimeSpan.FromSeconds(6))));
                Assert.Equal(state.StartsWith("terminated", StringComparison.Ordinal) ? 0 : 1, s.Proxy.Events.Hub.All.Count());
            }
        },
        ToConfirm with { Lists = [Team] });

    private static (string? State, string? Length, string Body) Pending(RawMessage notify) => (notify["Subscription-State"], notify["Content-Length"], notify.Body);

    private static async Task<(WatcherStatus Status, WatcherEvent Event)> WatcherOf(ScriptedUa bob)
    {
        bob.Subscribe(Bob, "Event: presence.winfo");
        await bob.Expect("200");
        return Read(await bob.Notified());
    }

    private static (WatcherStatus Status, WatcherEvent Event) Read(RawMessage notify)
    {
        Assert.True(WatcherInfo.TryParse(Encoding.UTF8.GetBytes(notify.Body), out WatcherInfo? info, out BodyFault? fault), fault?.ToString());
        Watcher watcher = Assert.Single(Assert.Single(info.Lists).Watchers);
        Assert.Equal(Alice, watcher.Uri);
        return (watcher.Status, watcher.Event);
    }

    private static string InstanceIn(RawMessage notify)
    {
        Assert.True(MultipartBody.TryParse(Encoding.UTF8.GetBytes(notify.Body), notify["Content-Type"], out MultipartBody? body, out BodyFault? fault), fault?.ToString());
        Assert.True(ResourceListInfo.TryParse(body.Root!.Content.Span, out ResourceListInfo? info, out fault), fault?.ToString());
        ResourceInstance instance = Assert.Single(Assert.Single(info.Resources).Instances);
        Assert.Equal(instance.State == ResourceInstanceState.Active, instance.ContentId is not null);
        return (instance.State + " " + instance.Reason).ToLowerInvariant().Trim();
    }
}
