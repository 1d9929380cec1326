// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;
using static Isthmus.Tests.Phone.Presence.PresencePeer;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>Watching somebody whose presence is told by hand (RFC 6665 §4.1, RFC 3856).</summary>
public sealed class WatchTests
{
    [Fact]
    public void Watch_Begun_SubscribesAndTellsEachChange()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Assert.Equal(("presence", "3600", Bob), (subscribe.Text(HeaderName.Event), subscribe.Text(HeaderName.Expires), subscribe.RequestUriText));
            Assert.True(subscribe.Lists(HeaderName.Supported, "eventlist") && subscribe.Lists(HeaderName.Accept, "application/pidf+xml"));
            Assert.Equal("sip:10.0.0.5:5060", Assert.Single(subscribe.Contacts).Uri.ToString());
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, Document(Availability.Online));
            await Tell(peer, subscribe, 2, Document(Availability.Busy, "in a meeting"));

            Assert.Equal(SubscriptionPhase.Active, (await watch.Settled).Phase);
            Assert.Equal(new PresenceState(Bob, Availability.Online), await Next(watch, 0));
            Assert.Equal((Availability.Busy, "in a meeting", "busy"), ((await Next(watch, 1)).Availability, (await Next(watch, 1)).Note, Assert.Single((await Next(watch, 1)).Activities)));
            await Leave(peer, watch, 3);
        });
    }

    /// <summary>The dialog is the NOTIFY's, whether that or the answer comes first (RFC 6665 §4.4.1).</summary>
    [Fact]
    public void Notify_BeforeTheAnswer_MakesTheDialog()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            await Tell(peer, subscribe, 7, Document(Availability.Away));
            Accept(peer, subscribe);
            Assert.Equal(Availability.Away, (await Next(watch, 0)).Availability);
            await Leave(peer, watch, 8);
        });
    }

    /// <summary>A NOTIFY has a Contact (RFC 3261 §12.1.1, §12.2.1.1); who has said where he is in his answer is found without.</summary>
    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 400)]
    public void Notify_WithoutContact_IsTakenWhereTheAnswerHasOne(bool isAnswered, int status)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            if (isAnswered)
            {
                Accept(peer, subscribe);
            }

            var notify = Notify(peer, subscribe, 7).Body(PresenceDocument.ContentType, Document(Availability.Away)).Build();
            peer.Send(MessageEdit.Of(notify).Remove(HeaderName.Contact).BuildRequest());
            await peer.Response(status);
            if (!isAnswered)
            {
                Accept(peer, subscribe);
                await Tell(peer, subscribe, 8, Document(Availability.Away));
            }

            Assert.Equal(Availability.Away, (await Next(watch, 0)).Availability);
            await Leave(peer, watch, 9);
        });
    }

    [Fact]
    public void Notify_DuplicatedOrLate_IsAnsweredAndNotTold()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 5, Document(Availability.Online));
            await Tell(peer, subscribe, 7, Document(Availability.Busy));
            await Tell(peer, subscribe, 7, Document(Availability.Away)); // the same one, in another transaction
            await Tell(peer, subscribe, 6, Document(Availability.Offline), status: 500); // overtaken
            await Tell(peer, subscribe, 8, Document(Availability.Busy)); // no news
            await Tell(peer, subscribe, 9, Document(Availability.Offline));
            Assert.Equal([Availability.Online, Availability.Busy, Availability.Offline], [(await Next(watch, 0)).Availability, (await Next(watch, 1)).Availability, (await Next(watch, 2)).Availability]);
            await Leave(peer, watch, 10);
        });
    }

    [Theory]
    [InlineData("presence", null, "other", 481)]
    [InlineData("dialog", "active", "peer", 489)]
    [InlineData("presence", null, "peer", 400)]
    public void Notify_ThatDoesNotBelong_IsRefused(string package, string? state, string tag, int status)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, Document(Availability.Online));
            var notify = peer.NewRequest(SipMethod.Notify, subscribe.Contacts[0].Uri.ToString(), subscribe.CallId, 2, subscribe.From.Tag, tag).Header(HeaderName.Event, package);
            peer.Send((state is null ? notify : notify.Header(HeaderName.SubscriptionState, state)).Build());
            await peer.Response(status);
            await Leave(peer, watch, 3);
        });
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"b\">]><presence/>")]
    [InlineData("not XML")]
    [InlineData("")]
    public void Notify_ThatCannotBeRead_SaysWhyAndLivesOn(string body)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, System.Text.Encoding.UTF8.GetBytes(body));
            await Tell(peer, subscribe, 2, Document(Availability.Online));
            if (body.Length > 0)
            {
                Assert.StartsWith("cannot be read", (await Next(watch, 0)).Reason, StringComparison.Ordinal);
            }

            Assert.Equal(Availability.Online, (await Next(watch, body.Length > 0 ? 1 : 0)).Availability);
            await Leave(peer, watch, 3);
        });
    }

    [Fact]
    public void Notify_OfAnotherType_Is415()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            peer.Send(Notify(peer, subscribe, 1).Body("text/plain", "open"u8).Build());
            Assert.Contains("pidf", (await peer.Response(415)).Text(HeaderName.Accept), StringComparison.Ordinal);
            await Leave(peer, watch, 2);
        });
    }

    [Fact]
    public void Watch_Standing_IsRefreshedInTheSecondHalfOfItsLife()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe, 600);
            for (uint round = 1; round < 4; round++)
            {
                await Tell(peer, subscribe, round, Document(Availability.Online), "active;expires=600");
                var since = scene.World.Time.GetUtcNow();
                var refresh = await peer.Request(SipMethod.Subscribe);
                Assert.InRange((scene.World.Time.GetUtcNow() - since).TotalSeconds, 300, 536.1);
                Assert.Equal((subscribe.CallId, "peer", subscribe.CSeq.Number + round), (refresh.CallId, refresh.To.Tag, refresh.CSeq.Number));
                Accept(peer, refresh, 600);
            }

            await Tell(peer, subscribe, 9, Document(Availability.Online));
            await Leave(peer, watch, 10);
        });
    }

    [Fact]
    public void TooBrief_IsAskedForAgainWithTheMinimum()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob, new WatchOptions { Expires = TimeSpan.FromMinutes(1) });
            var first = await peer.Request(SipMethod.Subscribe);
            peer.Send(peer.Answer(first, 423).Header(HeaderName.MinExpires, "1800").Build());
            var second = await peer.Request(SipMethod.Subscribe);
            Assert.Equal((first.CallId, "1800"), (second.CallId, second.Text(HeaderName.Expires)));
            Accept(peer, second, 1800);
            await Tell(peer, second, 1, Document(Availability.Online));
            await Leave(peer, watch, 2);
        });
    }

    [Theory]
    [InlineData("terminated;reason=timeout", 0, 2.1)]
    [InlineData("terminated;reason=deactivated", 0, 2.1)]
    [InlineData("terminated;reason=probation;retry-after=300", 300, 300.1)]
    [InlineData("terminated", 15, 30.1)]
    public void Notify_Terminated_IsSubscribedAnewWhereThatMakesSense(string state, double least, double most)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, Document(Availability.Online));
            await scene.Seconds(100);
            await Tell(peer, subscribe, 2, [], state);
            Assert.Equal(SubscriptionPhase.Waiting, watch.Subscription.Phase);
            var since = scene.World.Time.GetUtcNow();
            var again = await peer.Request(SipMethod.Subscribe);
            Assert.InRange((scene.World.Time.GetUtcNow() - since).TotalSeconds, least, most);
            Assert.NotEqual((subscribe.CallId, subscribe.From.Tag), (again.CallId, again.From.Tag));
            Accept(peer, again);
            await Tell(peer, again, 1, Document(Availability.Away));
            Assert.Equal(Availability.Away, (await Next(watch, 1)).Availability);
            await Leave(peer, watch, 2);
        });
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("noresource")]
    [InlineData("invariant")]
    public void Notify_TerminatedForGood_EndsTheWatch(string reason)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, [], $"terminated;reason={reason}");
            Assert.Equal((SubscriptionPhase.Ended, reason), ((await watch.Settled).Phase, watch.Subscription.Reason));
            await scene.Seconds(3600);
            Assert.False(peer.HasMore);
        });
    }

    [Theory]
    [InlineData(404, SubscriptionPhase.Ended)]
    [InlineData(489, SubscriptionPhase.Ended)]
    [InlineData(403, SubscriptionPhase.Ended)]
    [InlineData(480, SubscriptionPhase.Waiting)]
    [InlineData(503, SubscriptionPhase.Waiting)]
    public void Subscribe_Refused_IsTriedAgainWhereThatMakesSense(int status, SubscriptionPhase expected)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            peer.Send((await peer.Request(SipMethod.Subscribe)).Answer(status, null, "peer").Build());
            Assert.Equal((expected, status), ((await watch.Settled).Phase, watch.Subscription.Status));
            if (expected == SubscriptionPhase.Waiting)
            {
                Accept(peer, await peer.Request(SipMethod.Subscribe));
            }

            await watch.DisposeAsync();
            await scene.Seconds(60);
            Assert.Equal(SubscriptionPhase.Ended, watch.Subscription.Phase);
        });
    }

    /// <summary>Timer N (RFC 6665 §4.1.2.4).</summary>
    [Fact]
    public void Subscribe_AcceptedButNeverNotified_IsTriedAgain()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            Accept(peer, await peer.Request(SipMethod.Subscribe));
            await scene.Seconds(33);
            Assert.Equal((SubscriptionPhase.Waiting, 408), (watch.Subscription.Phase, watch.Subscription.Status));
            var again = await peer.Request(SipMethod.Subscribe);
            Accept(peer, again);
            await Tell(peer, again, 1, Document(Availability.Online));
            await Leave(peer, watch, 2);
        });
    }

    [Theory]
    [InlineData(481)]
    [InlineData(500)]
    public void Refresh_Refused_EndsOnlyWhatThatEnds(int status)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe, 600);
            await Tell(peer, subscribe, 1, Document(Availability.Online), "active;expires=600");
            var refresh = await peer.Request(SipMethod.Subscribe);
            peer.Send(refresh.Answer(status).Build());
            var next = await peer.Request(SipMethod.Subscribe);
            Assert.Equal(status == 500, next.CallId == subscribe.CallId);
            Accept(peer, next, 600);
            await Tell(peer, next, 2, Document(Availability.Busy));
            Assert.Equal(Availability.Busy, (await Next(watch, 1)).Availability);
            await Leave(peer, watch, 3);
        });
    }

    [Fact]
    public void Once_FetchesAndEnds()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob, new WatchOptions { Once = true });
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Assert.Equal("0", subscribe.Text(HeaderName.Expires));
            Accept(peer, subscribe, 0);
            await Tell(peer, subscribe, 1, Document(Availability.OnThePhone), "terminated;reason=timeout");
            Assert.Equal((SubscriptionPhase.Ended, 200), ((await watch.Settled).Phase, watch.Subscription.Status));
            Assert.Equal(Availability.OnThePhone, (await Next(watch, 0)).Availability);
        });
    }

    /// <summary>After the answer the last NOTIFY is waited for, but not for ever.</summary>
    [Fact]
    public void Leave_AnsweredButNeverNotified_IsOverSoon()
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(Bob);
            var subscribe = await peer.Request(SipMethod.Subscribe);
            Accept(peer, subscribe);
            await Tell(peer, subscribe, 1, Document(Availability.Online));
            var leaving = watch.DisposeAsync().AsTask();
            Accept(peer, await peer.Request(SipMethod.Subscribe), 0);
            var answered = scene.World.Time.GetUtcNow();
            await leaving;
            Assert.InRange(scene.World.Time.GetUtcNow() - answered, phone.Options.Farewell, phone.Options.Farewell + TimeSpan.FromSeconds(0.1));
        });
    }

    [Theory]
    [InlineData("what is this")]
    [InlineData("sip:bob@nowhere.example")]
    public void Watch_Nowhere_IsOver(string address)
    {
        Play(async (scene, phone, peer) =>
        {
            var watch = phone.Watch(address);
            Assert.Equal((SubscriptionPhase.Ended, 0), ((await watch.Settled).Phase, watch.Subscription.Status));
            Assert.NotEmpty(watch.Subscription.Reason);
        });
    }
}
