// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>Lists of users that are watched as one: those of the configuration, and those that a SUBSCRIBE brings along.</summary>
public sealed class ListTests
{
    private const string Headers = "Event: presence\nRequire: recipient-list-subscribe\nSupported: eventlist\nAccept: multipart/related, application/pidf+xml, application/rlmi+xml\nContent-Disposition: recipient-list\n";

    [Fact]
    public void Subscribe_ToAList_TellsAllThenWhatChanges() => PlayWithList(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        RawMessage subscribe = alice.Subscribe("sip:team@example.com", "Supported: eventlist");
        RawMessage ok = await alice.Expect("200");
        RawMessage first = await alice.Notified();
        bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.Busy, "in a meeting"));
        await bob.Expect("200");
        RawMessage second = await alice.Notified();
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nSupported: eventlist"));
        await alice.Expect("200");
        RawMessage third = await alice.Notified();

        Assert.Equal(("eventlist", "eventlist"), (ok["Require"], first["Require"]));
        (ResourceListInfo all, ImmutableArray<(string Uri, Availability)> states) = Read(first);
        Assert.Equal(("sip:team@example.com", 0, true, "Team"), (all.Uri, all.Version, all.IsFull, all.Name));
        Assert.Equal([("sip:bob@example.com", Availability.Online), ("sip:carol@example.com", Availability.Offline), ("sip:nobody@example.com", Availability.Offline)], states);
        (ResourceListInfo news, ImmutableArray<(string Uri, Availability)> changed) = Read(second);
        Assert.Equal((1, false), (news.Version, news.IsFull));
        Assert.Equal([("sip:bob@example.com", Availability.Busy)], changed);
        (ResourceListInfo again, ImmutableArray<(string Uri, Availability)> everybody) = Read(third);
        Assert.Equal((2, true, 3), (again.Version, again.IsFull, everybody.Length));
    });

    [Fact]
    public void Subscribe_ToAListEnds_NobodyIsWatchedAnyMore() => PlayWithList(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        RawMessage subscribe = alice.Subscribe("sip:team@example.com", "Supported: eventlist");
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nExpires: 0"));
        await alice.Expect("200");
        Assert.Equal("terminated;reason=timeout", (await alice.Notified())["Subscription-State"]);

        bob.Publish(PresenceDocument.Of("sip:bob@example.com", Availability.Away), "Expires: 60");
        await bob.Expect("200");
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(70)));
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Subscribe_WithoutEventList_Is421() => PlayWithList(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        alice.Subscribe("sip:team@example.com");
        Assert.Equal("eventlist", (await alice.Expect("421"))["Require"]);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Subscribe_FromNobody_IsForbidden() => PlayWithList(async s =>
    {
        ScriptedUa mallory = s.Ua("mallory", "192.0.2.66");
        mallory.Subscribe("sip:team@example.com", "Supported: eventlist");
        await mallory.Expect("403");
    });

    [Fact]
    public void Subscribe_BringsItsList_IsThatList() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        SubscribeWith(alice, "sip:bob@example.com", "sip:carol@elsewhere.example", "sip:bob@example.com");
        await alice.Expect("200");
        RawMessage first = await alice.Notified();
        await s.Register(bob, expires: 0);
        RawMessage second = await alice.Notified();

        (ResourceListInfo all, ImmutableArray<(string Uri, Availability)> states) = Read(first);
        Assert.Equal(["sip:bob@example.com", "sip:carol@elsewhere.example"], all.Resources.Select(resource => resource.Uri));
        Assert.Equal([new ResourceInstance("1", ResourceInstanceState.Terminated) { Reason = "noresource" }], all.Resources[1].Instances);
        Assert.Equal([("sip:bob@example.com", Availability.Online)], states);
        Assert.Equal([("sip:bob@example.com", Availability.Offline)], Read(second).States);
    });

    [Fact]
    public void Subscribe_BringsAnotherListInItsDialog_IsTheOther() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        RawMessage subscribe = SubscribeWith(alice, "sip:bob@example.com");
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        RawMessage renewal = alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: Headers + "Content-Type: application/resource-lists+xml\n", body: ListOf("sip:carol@example.com"));
        alice.Send(renewal);
        await alice.Expect("200");
        Assert.Equal([("sip:carol@example.com", Availability.Offline)], Read(await alice.Notified()).States);

        await s.Register(bob, expires: 0);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(10)));
    });

    [Theory]
    [InlineData("<a/>", "", "400")]
    [InlineData("not XML", "", "400")]
    [InlineData("<a/>", "Content-Encoding: gzip\n", "415")]
    [InlineData("<a/>", "Content-Encoding: deflate\n", "415")]
    public void Subscribe_BringsWhatIsNoList_IsRefused(string body, string headers, string status) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        alice.Send(alice.Request("SUBSCRIBE", "sip:friends@example.com", Headers + "Content-Type: application/resource-lists+xml\n" + headers, body));
        await alice.Expect(status);
    });

    [Fact]
    public void Subscribe_BringsMoreThanMayBe_IsRefused() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        SubscribeWith(alice, [.. Enumerable.Range(0, 201).Select(number => $"sip:user{number}@example.com")]);
        await alice.Expect("403");
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    [Fact]
    public void Subscribe_ToMoreThanFitsIntoANotify_IsToldTheRestNext() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        string[] users = [.. Enumerable.Range(0, 200).Select(number => $"sip:user{number}@example.com")];
        SubscribeWith(alice, users);
        await alice.Expect("200");
        (ResourceListInfo all, ImmutableArray<(string Uri, Availability)> states) = Read(await alice.Notified());
        List<string> told = [.. states.Select(state => state.Uri)];
        Assert.Equal(users, all.Resources.Select(resource => resource.Uri));
        Assert.InRange(told.Count, 50, 199);
        while (told.Count < users.Length)
        {
            RawMessage notify = await alice.Notified(TimeSpan.FromSeconds(6));
            Assert.InRange(notify.Text.Length, 1, 65_000);
            (ResourceListInfo rest, states) = Read(notify);
            Assert.False(rest.IsFull);
            told.AddRange(states.Select(state => state.Uri));
        }

        Assert.Equal(users, told);
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(20)));
    });

    [Fact]
    public void Subscribe_ToMembersWithLongStates_EachNotifyFitsIntoADatagram() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        ScriptedUa carol = s.Ua("carol", "192.0.2.30");
        await s.Register(carol);
        foreach (ScriptedUa user in (ScriptedUa[])[bob, carol])
        {
            foreach (char letter in "ab")
            {
                user.PublishText($"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:{user.User}@example.com\"><tuple id=\"1\"><status><basic>open</basic></status><note>{new string(letter, 16_000)}</note></tuple></presence>");
                await user.Expect("200");
            }
        }

        string[] others = [.. Enumerable.Range(0, 150).Select(number => $"sip:{new string('&', 10)}{number}@example.com")]; // which are longer when they are written
        SubscribeWith(alice, ["sip:bob@example.com", "sip:carol@example.com", .. others]);
        await alice.Expect("200");
        var told = new List<string>();
        while (told.Count < 152)
        {
            RawMessage notify = await alice.Notified(TimeSpan.FromSeconds(6));
            Assert.InRange(Encoding.UTF8.GetByteCount(notify.Text), 1, 62_000);
            told.AddRange(Read(notify).States.Select(state => state.Uri));
        }

        Assert.Equal(((string[])["sip:bob@example.com", "sip:carol@example.com", .. others]).Order(), told.Order());
        Assert.Empty(await alice.Listen(TimeSpan.FromSeconds(20)));
    });

    // Whoever is refused takes more room than his name; the longest list that is accepted still leaves room for the longest state.
    [Theory]
    [InlineData(12, "200")]
    [InlineData(60, "403")]
    public void Subscribe_ToManyWhoAreRefusedAndALongState_FitsIntoADatagramOrIsRefused(int length, string status) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        foreach (char letter in "ab")
        {
            bob.PublishText($"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:bob@example.com\"><tuple id=\"1\"><status><basic>open</basic></status><note>{new string(letter, 16_000)}</note></tuple></presence>");
            await bob.Expect("200");
        }

        SubscribeWith(alice, ["sip:bob@example.com", .. Enumerable.Range(1, 199).Select(number => $"sip:{number:000}{new string('x', length)}@elsewhere.example")]);
        await alice.Expect(status);
        if (status == "200")
        {
            RawMessage notify = await alice.Notified();
            Assert.InRange(Encoding.UTF8.GetByteCount(notify.Text), 50_000, 65_000);
            Assert.Equal(200, Read(notify).Info.Resources.Length);
        }
    });

    [Fact]
    public void Subscribe_BringsLongerAddressesThanMayBe_IsRefused() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        SubscribeWith(alice, [.. Enumerable.Range(0, 100).Select(number => $"sip:{new string('x', 200)}{number}@example.com")]);
        Assert.Contains("Too Many Members", (await alice.Expect("403")).FirstLine, StringComparison.Ordinal);
        Assert.Empty(s.Proxy.Events.Hub.All);
    });

    // What linphone 5.1 needs to show a list: the event as its own server writes it, parts that it finds by their octets, and a boundary without quotes, which it falls over.
    [Fact]
    public void Subscribe_OfALinphone_IsToldAsItReadsIt() => PlayWithList(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        alice.Subscribe("sip:team@example.com", "Supported: eventlist\nUser-Agent: Linphonec/5.1.65 (belle-sip/5.1.65)");
        await alice.Expect("200");
        RawMessage notify = await alice.Notified();

        Assert.Equal("Presence", notify["Event"]);
        Assert.DoesNotContain("boundary=\"", notify["Content-Type"], StringComparison.Ordinal);
        Assert.EndsWith("--\r\n", notify.Body, StringComparison.Ordinal);
        (ResourceListInfo info, ImmutableArray<(string Uri, Availability)> states) = Read(notify);
        Assert.Equal(3, states.Length);
        Assert.All(info.Resources, resource => Assert.Contains($"\r\nContent-Id: {resource.Instances[0].ContentId}\r\n", notify.Body, StringComparison.Ordinal));
    });

    [Fact]
    public void Winfo_OfAMember_ShowsWhoWatchesByAList() => PlayWithList(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        alice.Subscribe("sip:team@example.com", "Supported: eventlist");
        await alice.Expect("200");
        await alice.Notified();
        bob.Subscribe("sip:bob@example.com", "Event: presence.winfo");
        await bob.Expect("200");
        Assert.Contains(">sip:alice@example.com</watcher>", (await bob.Notified()).Body, StringComparison.Ordinal);
    });

    private static void PlayWithList(Func<ServerWorld, Task> scenario) => ServerWorld.Play(scenario, new ServerOptions
    {
        Lists =
        [
            new()
            {
                Address = ResourceListOptions.Read("team@example.com"), Name = "Team",
                Members = [.. ((string[])["bob", "carol", "nobody"]).Select(user => ResourceListOptions.Read(user + "@example.com")!)],
            },
        ],
    });

    private static string ListOf(params IEnumerable<string> members) => Encoding.UTF8.GetString(new ResourceList([.. members.Select(member => new ResourceListEntry(member))]).ToBytes());

    // As linphone does it.
    private static RawMessage SubscribeWith(ScriptedUa watcher, params string[] members) =>
        watcher.Send(watcher.Request("SUBSCRIBE", "sip:friends@example.com", Headers + "Content-Type: application/resource-lists+xml\n", ListOf(members)));

    private static (ResourceListInfo Info, ImmutableArray<(string Uri, Availability)> States) Read(RawMessage notify)
    {
        Assert.True(MultipartBody.TryParse(Encoding.UTF8.GetBytes(notify.Body), notify["Content-Type"], out MultipartBody? body, out BodyFault? fault), fault?.ToString());
        Assert.True(ResourceListInfo.TryParse(body.Root!.Content.Span, out ResourceListInfo? info, out fault), fault?.ToString());
        var states = ImmutableArray.CreateBuilder<(string, Availability)>();
        foreach (ListedResource resource in info.Resources)
        {
            if (resource.Instances.SingleOrDefault()?.ContentId is { } name)
            {
                Assert.True(PresenceDocument.TryParse(body.Find(name)!.Content.Span, out PresenceDocument? document, out fault), fault?.ToString());
                Assert.Equal(resource.Uri, document.Entity);
                states.Add((resource.Uri, document.Availability));
            }
        }

        return (info, states.DrainToImmutable());
    }

    private static async Task<(ScriptedUa Alice, ScriptedUa Bob)> Pair(ServerWorld s)
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "2001:db8::20");
        await s.Register(alice, bob);
        return (alice, bob);
    }
}
