// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Events;
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
    public void TooLongAContact_InTheDialog_IsRefusedAndTheOldOneStays() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        RawMessage subscribe = alice.Subscribe(Bob);
        RawMessage ok = await alice.Expect("200");
        RawMessage notify = await alice.Notified();
        RawMessage again = alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence");
        alice.Send(again.Changed("Contact", $"<sip:alice@192.0.2.10;x={new string('x', 4096)}>"));
        Assert.Equal("513 Too Much To Repeat In Every NOTIFY", (await alice.Expect("513")).FirstLine[8..]);
        bob.Publish(PresenceDocument.Of(Bob, Availability.Away));
        await bob.Expect("200");
        Assert.Equal(notify.RequestUri, (await alice.Notified(TimeSpan.FromSeconds(6))).RequestUri);
    });

    [Theory]
    [InlineData("<sip:192.0.2.50>", "200")]
    [InlineData("<sip:192.0.2.50?Subject=x>", "400")]
    [InlineData("<sip:192.0.2.50;lr?Subject=x>", "200")]
    public void RecordRoute_ThatWouldBeTheRequestUri_HasNoHeaderFields(string route, string status) => SubscribeTests.Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, $"Record-Route: {route}");
        await alice.Expect(status);
    });

    [Fact]
    public void TooLong_IsRefused() => SubscribeTests.Play(async (s, alice, _) =>
    {
        alice.Subscribe(Bob, string.Join('\n', Enumerable.Range(0, 60).Select(i => $"Record-Route: <sip:192.0.2.50:{5000 + i};lr;{new string('x', 60)}>")));
        Assert.Equal("513 Too Much To Repeat In Every NOTIFY", (await alice.Expect("513")).FirstLine[8..]);
        alice.Publish(PresenceDocument.Of(Alice, Availability.Away, new string('x', 20_000)));
        Assert.Equal("413 Too Much Is Published", (await alice.Expect("413")).FirstLine[8..]);
        Assert.Equal((0, 0), (s.Proxy.Events.Notifier.Count, s.Proxy.Events.Publications.Count));
    });

    [Fact]
    public void Publications_TooLongTogether_TheLastIsRefusedUntilThereIsRoom() => SubscribeTests.Play(async (s, alice, bob) =>
    {
        async Task<string?> Publish(string note, string headers = "")
        {
            bob.PublishText(Tuple(note), headers);
            return (await bob.Expect("200"))["SIP-ETag"];
        }

        async Task Refused(string note, string headers = "")
        {
            bob.PublishText(Tuple(note), headers);
            Assert.Equal("413 Too Much Is Published By All Devices", (await bob.Expect("413")).FirstLine[8..]);
        }

        string? first = await Publish(new string('x', 15_000));
        await Publish(new string('y', 15_000));
        await Refused(new string('z', 15_000));
        string? last = await Publish(new string('z', 2000));
        alice.Subscribe(Bob);
        await alice.Expect("200");
        Assert.InRange((await alice.Notified()).Body.Length, 32_000, StateDocument.Most);

        await Refused(new string('z', 3000), $"SIP-If-Match: {last}"); // which has changed nothing: the tag is known still
        bob.Publish(null, $"SIP-If-Match: {first}\nExpires: 0");
        await bob.Expect("200");
        Assert.InRange((await alice.Notified()).Body.Length, 17_000, 18_000);
        await Publish(new string('z', 3000), $"SIP-If-Match: {last}");
        Assert.Equal(2, s.Proxy.Events.Publications.Count);
        Assert.InRange((await alice.Notified(TimeSpan.FromSeconds(6))).Body.Length, 18_000, 19_000);
    });

    /// <summary>An element of another namespace is written with that namespace: a short document could become a very long one.</summary>
    [Theory]
    [InlineData(128, 100, "200 OK")]
    [InlineData(128, 1000, "413 Too Much Is Published By All Devices")]
    [InlineData(129, 1, "400 ")]
    public void Publication_ThatBecomesLong_IsRefused(int octets, int elements, string answer) => SubscribeTests.Play(async (_, _, bob) =>
    {
        string body = $"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:a=\"{new string('n', octets)}\" entity=\"{Bob}\">{string.Concat(Enumerable.Repeat("<a:b/>", elements))}<tuple id=\"1\"/></presence>";
        bob.PublishText(body);
        Assert.StartsWith(answer, (await bob.Expect(answer[..3])).FirstLine[8..], StringComparison.Ordinal);
    });

    [Fact]
    public void Winfo_OfMoreWatchersThanFit_HasTheNewestAndSaysHowManyThereAreBesides() => SubscribeTests.Play(async (s, _, bob) =>
    {
        EventHub hub = s.Proxy.Events.Hub;
        ResourceWatch[] watches = [.. Enumerable.Range(0, 1000).Select(_ => new ResourceWatch(hub, hub.Packages.Find("presence")!, Bob, Access.Allow))];
        for (int i = 0; i < watches.Length; i++)
        {
            watches[i].Begin(new Named($"sip:watcher{i}@example.com"));
        }

        watches[0].End(); // another one takes its place in the resource, but is no older by that
        bob.Subscribe(Bob, "Event: presence.winfo");
        await bob.Expect("200");
        RawMessage notify = await bob.Notified();
        Assert.InRange(notify.Body.Length, StateDocument.Most * 9 / 10, StateDocument.Most);
        Assert.True(WatcherInfo.TryParse(Encoding.UTF8.GetBytes(notify.Body), out WatcherInfo? info, out BodyFault? fault), fault?.ToString());
        WatcherList list = Assert.Single(info.Lists);
        Assert.Equal(999, list.Watchers.Length + list.LeftOut);
        Assert.Equal(Enumerable.Range(1000 - list.Watchers.Length, list.Watchers.Length).Select(i => $"sip:watcher{i}@example.com"), list.Watchers.Select(watcher => watcher.Uri));
    });

    private static string Tuple(string note) =>
        $"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"{Bob}\"><tuple id=\"1\"><status><basic>open</basic></status><note>{note}</note></tuple></presence>";

    private sealed class Named(string uri) : IResourceWatcher
    {
        public void ResourceChanged(ResourceWatch watch)
        {
        }

        public WatcherEntry? AsWatcher(Access access) => new(uri, uri[4..].Split('@')[0], access);
    }
}
