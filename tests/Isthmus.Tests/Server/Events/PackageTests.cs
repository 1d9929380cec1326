// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>What the packages beside presence say, to whom, and when.</summary>
public sealed class PackageTests
{
    [Fact]
    public void Winfo_WatchersComeAndGo_TheOwnerIsTold() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        bob.Subscribe("sip:bob@example.com", "Event: presence.winfo");
        await bob.Expect("200");
        Assert.Empty(Watchers(await bob.Notified(), version: 0));

        RawMessage subscribe = alice.Subscribe("sip:bob@example.com");
        RawMessage ok = await alice.Expect("200");
        await alice.Notified();
        Watcher watcher = Assert.Single(Watchers(await bob.Notified(), version: 1));
        Assert.Equal(("sip:alice@example.com", WatcherStatus.Active), (watcher.Uri, watcher.Status));

        alice.Send(alice.InDialog("SUBSCRIBE", subscribe, ok, cseq: 100, headers: "Event: presence\nExpires: 0"));
        await alice.Expect("200");
        await alice.Notified();
        Assert.Empty(Watchers(await bob.Notified(TimeSpan.FromSeconds(6)), version: 2));
    });

    [Fact]
    public void Reg_BindingsComeAndGo_TheOwnerIsTold() => ServerWorld.Play(async s =>
    {
        (_, ScriptedUa bob) = await Pair(s);
        bob.Subscribe("sip:bob@example.com", "Event: reg");
        await bob.Expect("200");
        Registration registration = Registered(await bob.Notified(), version: 0);
        Assert.Equal(("sip:bob@example.com", RegistrationStatus.Active), (registration.Aor, registration.Status));
        Assert.Equal(RawMessage.UriOf(bob.Contact), Assert.Single(registration.Contacts).Uri);

        ScriptedUa desk = s.Ua("bob", "192.0.2.21");
        await s.Register(desk);
        Registration both = Registered(await bob.Notified(), version: 1);
        Assert.Equal([RawMessage.UriOf(bob.Contact), RawMessage.UriOf(desk.Contact)], both.Contacts.Select(contact => contact.Uri));
        Assert.Contains(registration.Contacts[0].Id, both.Contacts.Select(contact => contact.Id));

        await s.Register(desk);
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(10))); // a refresh is no news
        await s.Register(desk, expires: 0);
        Assert.Single(Registered(await bob.Notified(), version: 2).Contacts);
    });

    [Fact]
    public void MessageSummary_Published_IsTold() => ServerWorld.Play(async s =>
    {
        (_, ScriptedUa bob) = await Pair(s);
        bob.Subscribe("sip:bob@example.com", "Event: message-summary");
        await bob.Expect("200");
        Assert.Equal("Messages-Waiting: no\r\n", (await bob.Notified()).Body);

        Publish(bob, "message-summary", MessageSummary.ContentType, "Messages-Waiting: yes\nVoice-Message: 2/8 (0/2)\n");
        await bob.Expect("200");
        RawMessage notify = await bob.Notified();
        Assert.Equal("application/simple-message-summary", notify["Content-Type"]);
        Assert.Equal("Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n", notify.Body);
    });

    [Fact]
    public void MessageSummary_MessagesAreKept_IsTold() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await Pair(s);
        bob.Subscribe("sip:bob@example.com", "Event: message-summary");
        await bob.Expect("200");
        Assert.Equal("Messages-Waiting: no\r\n", (await bob.Notified()).Body);

        alice.Send(alice.Request("MESSAGE", "sip:bob@example.com", "Content-Type: text/plain\n", "hello"));
        bob.Respond(await bob.Expect("MESSAGE"), 480);
        await alice.Expect("202");
        Assert.Equal("Messages-Waiting: yes\r\nText-Message: 1/0\r\n", (await bob.Notified()).Body);

        await s.Register(bob);
        bob.Respond(await bob.Expect("MESSAGE", TimeSpan.FromMinutes(10)), 200);
        Assert.Equal("Messages-Waiting: no\r\n", (await bob.Notified(TimeSpan.FromSeconds(10))).Body);
    });

    [Fact]
    public void Dialog_TwoPhonesPublish_AllCallsAreTold() => ServerWorld.Play(async s =>
    {
        (_, ScriptedUa bob) = await Pair(s);
        bob.Subscribe("sip:bob@example.com", "Event: dialog");
        await bob.Expect("200");
        Assert.Empty(Calls(await bob.Notified(), version: 0));

        ScriptedUa desk = s.Ua("bob", "192.0.2.21");
        await s.Register(desk);
        foreach ((ScriptedUa phone, DialogPhase phase) in (ReadOnlySpan<(ScriptedUa, DialogPhase)>)[(bob, DialogPhase.Early), (desk, DialogPhase.Confirmed)])
        {
            byte[] info = new DialogInfo(0, true, "sip:bob@example.com") { Dialogs = [new("1", phase) { IsCaller = false, Remote = new() { Identity = "sip:alice@example.com" } }] }.ToBytes();
            Publish(phone, "dialog", DialogInfo.ContentType, Encoding.UTF8.GetString(info));
        }

        await bob.Expect("200");
        await desk.Expect("200");
        Assert.Equal([("1", DialogPhase.Early)], Calls(await bob.Notified(), version: 1));
        Assert.Equal([("1", DialogPhase.Early), ("1-2", DialogPhase.Confirmed)], Calls(await bob.Notified(TimeSpan.FromSeconds(6)), version: 2));
    });

    [Theory]
    [InlineData("presence.winfo")]
    [InlineData("reg")]
    [InlineData("message-summary")]
    [InlineData("dialog")]
    public void Subscribe_ToAnother_IsForbidden(string package) => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, _) = await Pair(s);
        alice.Subscribe("sip:bob@example.com", "Event: " + package);
        await alice.Expect("403");
        alice.Subscribe("sip:nobody@example.com", "Event: " + package);
        await alice.Expect("403");
    });

    [Theory]
    [InlineData("dialog", "application/dialog-info+xml", "<a/>", "400")]
    [InlineData("dialog", "application/pidf+xml", "<a/>", "415")]
    [InlineData("message-summary", "application/simple-message-summary", "Voice-Message: 1/0", "400")]
    [InlineData("reg", "application/reginfo+xml", "<a/>", "489")]
    [InlineData("presence.winfo", "application/watcherinfo+xml", "<a/>", "489")]
    public void Publish_WhatCannotBe_IsRefused(string package, string contentType, string body, string status) => ServerWorld.Play(async s =>
    {
        (_, ScriptedUa bob) = await Pair(s);
        Publish(bob, package, contentType, body);
        await bob.Expect(status);
    });

    private static void Publish(ScriptedUa user, string package, string contentType, string body) =>
        user.Send(user.Request("PUBLISH", $"sip:{user.User}@example.com", $"Event: {package}\nContent-Type: {contentType}\n", body));

    private static IEnumerable<Watcher> Watchers(RawMessage notify, int version)
    {
        Assert.Equal("application/watcherinfo+xml", notify["Content-Type"]);
        Assert.True(WatcherInfo.TryParse(Encoding.UTF8.GetBytes(notify.Body), out WatcherInfo? info, out BodyFault? fault), fault?.ToString());
        Assert.Equal((version, true), (info.Version, info.IsFull));
        return Assert.Single(info.Lists).Watchers;
    }

    private static Registration Registered(RawMessage notify, int version)
    {
        Assert.True(RegistrationInfo.TryParse(Encoding.UTF8.GetBytes(notify.Body), out RegistrationInfo? info, out BodyFault? fault), fault?.ToString());
        Assert.Equal((version, true), (info.Version, info.IsFull));
        return Assert.Single(info.Registrations);
    }

    private static IEnumerable<(string Id, DialogPhase Phase)> Calls(RawMessage notify, int version)
    {
        Assert.True(DialogInfo.TryParse(Encoding.UTF8.GetBytes(notify.Body), out DialogInfo? info, out BodyFault? fault), fault?.ToString());
        Assert.Equal((version, true), (info.Version, info.IsFull));
        return info.Dialogs.Select(dialog => (dialog.Id, dialog.Phase));
    }

    private static async Task<(ScriptedUa Alice, ScriptedUa Bob)> Pair(ServerWorld s)
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "2001:db8::20");
        await s.Register(alice, bob);
        return (alice, bob);
    }
}
