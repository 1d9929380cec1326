// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Server;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>The phone tells its own presence to somebody who subscribes by hand (RFC 6665 §4.2).</summary>
public sealed class PresenceNotifierTests
{
    private const string Phone = "sip:bob@10.0.0.5";

    [Fact]
    public void Subscribe_IsAccepted_AndToldAtOnceAndOnChange()
    {
        Play(async (scene, phone, peer) =>
        {
            var accepted = await Subscribe(scene, peer, 1);
            Assert.Equal(("600", "sip:10.0.0.5:5060"), (accepted.Text(HeaderName.Expires), Assert.Single(accepted.Contacts).Uri.ToString()));
            var first = await Hear(peer, Availability.Online, "active;expires=600");
            Assert.Equal((accepted.CallId, accepted.To.Tag, "presence"), (first.CallId, first.From.Tag, first.Text(HeaderName.Event)));

            // The latest state wins, five seconds after the last one.
            phone.Presence = new(Availability.Away);
            phone.Presence = new(Availability.Busy, "in a meeting");
            var began = scene.World.Time.GetUtcNow();
            var second = await Hear(peer, Availability.Busy, "active;expires=595");
            Assert.InRange((scene.World.Time.GetUtcNow() - began).TotalSeconds, 4.9, 5.1);
            Assert.Equal(first.CSeq.Number + 1, second.CSeq.Number);
            phone.Presence = new(Availability.Busy, "in a meeting"); // no news

            await Subscribe(scene, peer, 2, tag: accepted.To.Tag);
            await Hear(peer, Availability.Busy, "active;expires=600");
            await Subscribe(scene, peer, 3, "0", accepted.To.Tag);
            await Hear(peer, Availability.Busy, "terminated;reason=timeout");
            Send(scene, peer, 4, "600", accepted.To.Tag);
            await peer.Response(481);
        });
    }

    [Fact]
    public void Subscribe_NotRefreshed_Ends()
    {
        Play(async (scene, phone, peer) =>
        {
            await Subscribe(scene, peer, 1);
            await Hear(peer, Availability.Online, "active;expires=600");
            await Hear(peer, Availability.Online, "terminated;reason=timeout");
        });
    }

    [Fact]
    public void Subscribe_ForZeroSeconds_IsToldOnce()
    {
        Play(async (scene, phone, peer) =>
        {
            await Subscribe(scene, peer, 1, "0");
            await Hear(peer, Availability.Online, "terminated;reason=timeout");
        });
    }

    [Fact]
    public void Call_Answered_IsOnThePhone()
    {
        Play(async (scene, phone, peer) =>
        {
            await Subscribe(scene, peer, 1);
            await Hear(peer, Availability.Online, "active;expires=600");
            await scene.Seconds(10);
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 1).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build(), scene);
            SipResponse? success = null;
            var heard = false;
            while (success is null || !heard)
            {
                switch (await peer.Next())
                {
                    case SipResponse { StatusCode: 200 } response:
                        success = response;
                        peer.Send(peer.NewRequest(SipMethod.Ack, Phone, "call", 1, response.To.Tag).Build(), scene);
                        break;
                    case SipRequest request:
                        heard = Read(request).Availability == Availability.OnThePhone;
                        peer.Respond(request, 200);
                        break;
                }
            }

            await scene.Seconds(10);
            peer.Send(peer.NewRequest(SipMethod.Bye, Phone, "call", 2, success.To.Tag).Build(), scene);
            await peer.Response(200);
            await Hear(peer, Availability.Online, "active;expires=580");
        });
    }

    [Theory]
    [InlineData(481)]
    [InlineData(500)]
    [InlineData(0)]
    public void Notify_NotTaken_EndsTheSubscription(int status)
    {
        Play(async (scene, phone, peer) =>
        {
            await Subscribe(scene, peer, 1);
            var notify = await peer.Request(SipMethod.Notify);
            if (status > 0)
            {
                peer.Send(notify.Answer(status).Build());
            }

            await scene.Seconds(40);
            phone.Presence = new(Availability.Away);
            await scene.Seconds(40);
            Assert.False(peer.HasMore);
        });
    }

    [Theory]
    [InlineData("dialog", "600", null, 489)]
    [InlineData(null, "600", null, 489)]
    [InlineData("presence", "30", null, 423)]
    [InlineData("presence", "600", "text/plain", 406)]
    public void Subscribe_ThatCannotBe_IsRefused(string? package, string expires, string? accept, int status)
    {
        Play(async (scene, phone, peer) =>
        {
            var request = peer.NewRequest(SipMethod.Subscribe, Phone, "watch", 1).Header(HeaderName.Expires, expires);
            if (package is not null)
            {
                request.Header(HeaderName.Event, package);
            }

            if (accept is not null)
            {
                request.Header(HeaderName.Accept, accept);
            }

            peer.Send(request.Build(), scene);
            var refusal = await peer.Response(status);
            Assert.Equal(status == 423 ? "60" : null, refusal.Text(HeaderName.MinExpires));
            Assert.Equal(status == 489 ? "presence" : null, refusal.Text(HeaderName.AllowEvents));
        });
    }

    [Fact]
    public void Subscribe_BeyondTheMost_IsForLater()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            await using var phone = scene.Phone(scene.T5);
            for (var i = 0; i < 64; i++)
            {
                await Subscribe(scene, peer, 1, callId: $"watch{i}");
                await Hear(peer, Availability.Online, "active;expires=600");
            }

            Send(scene, peer, 1, "600", null, "late");
            Assert.Equal("60", (await peer.Response(480)).Text(HeaderName.RetryAfter));

            // All are told when the phone is closed.
            var closing = phone.DisposeAsync();
            for (var i = 0; i < 64; i++)
            {
                await Hear(peer, Availability.Offline, "terminated;reason=probation;retry-after=60");
            }

            await closing;
        });
    }

    /// <summary>FIG. 10 without a presence server: an IPv6-only phone watches an IPv4-only one, and the reverse.</summary>
    [Theory]
    [InlineData(SipTransport.Udp, SipTransport.Udp)]
    [InlineData(SipTransport.Tcp, SipTransport.Udp)]
    [InlineData(SipTransport.Tcp, SipTransport.Tcp)]
    public void Watch_AcrossTheVersions_IsToldByThePhoneItself(SipTransport six, SipTransport four)
    {
        PlayPair(async (scene, alice, bob) =>
        {
            foreach (var (watcher, watched) in ((SipPhone, SipPhone)[])[(alice, bob), (bob, alice)])
            {
                watched.Presence = new(Availability.Busy, "in a meeting");
                var watch = watcher.Watch(watched.Accounts[0].Address);
                Assert.Equal(SubscriptionPhase.Active, (await watch.Settled).Phase);
                Assert.Equal((Availability.Busy, "in a meeting"), ((await PresencePeer.Next(watch, 0)).Availability, (await PresencePeer.Next(watch, 0)).Note));
                watched.Presence = new(Availability.Away);
                Assert.Equal(Availability.Away, (await PresencePeer.Next(watch, 1)).Availability);
                await watch.DisposeAsync();
                await scene.Seconds(1);
                Assert.Equal(SubscriptionPhase.Ended, watch.Subscription.Phase);
            }
        }, six, four, scene => new PhoneServer(scene, presence: new() { Serve = false }));
    }

    private static void Send(PhoneScene scene, ScriptedPeer peer, uint sequence, string expires, string? tag, string callId = "watch") => peer.Send(
        peer.NewRequest(SipMethod.Subscribe, Phone, callId, sequence, tag).Header(HeaderName.Event, "presence").Header(HeaderName.Expires, expires).Build(), scene);

    private static async Task<SipResponse> Subscribe(
        PhoneScene scene, ScriptedPeer peer, uint sequence, string expires = "600", string? tag = null, string callId = "watch")
    {
        Send(scene, peer, sequence, expires, tag, callId);
        return await peer.Response(200);
    }

    private static PresenceDocument Read(SipRequest notify)
    {
        Assert.Equal(SipMethod.Notify, notify.Method);
        Assert.True(PresenceDocument.TryParse(notify.Body, out var document, out _));
        return document;
    }

    private static async Task<SipRequest> Hear(ScriptedPeer peer, Availability expected, string state)
    {
        var notify = await peer.Request(SipMethod.Notify);
        Assert.Equal((expected, state), (Read(notify).Availability, notify.Text(HeaderName.SubscriptionState)));
        peer.Respond(notify, 200);
        return notify;
    }

    private static void Play(Func<PhoneScene, SipPhone, ScriptedPeer, Task> script) => PhoneScene.Play(script, new PhoneOptions { Answer = AnswerPolicy.Automatic });
}
