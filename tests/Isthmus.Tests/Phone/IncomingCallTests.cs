// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>The called side against somebody who does by hand what phones rarely do.</summary>
public sealed class IncomingCallTests
{
    private const string Phone = "sip:bob@10.0.0.5";

    private static readonly PhoneOptions Answering = new() { Answer = AnswerPolicy.Automatic };

    [Fact]
    public void Invite_Answered_200IsRepeatedUntilTheAckComes()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.HearsRepetitions = true;
            peer.Send(Invite(peer).Build(), scene);
            var first = await peer.Response(200);
            await peer.Response(200);
            var third = await peer.Response(200);
            Assert.Equal(first.ToString(), third.ToString());
            Acknowledge(peer, scene, first);
            await scene.Seconds(2);
            Assert.False(peer.HasMore);
            await HangUp(peer, scene, first);
        });
    }

    [Fact]
    public void Invite_AnsweredButNeverAcknowledged_EndsWithBye()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Build(), scene);
            await peer.Response(200);
            var call = Assert.Single(phone.Calls);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            Assert.Equal((CallOutcome.Failed, "no ACK came"), ((await call.Completion).Outcome, call.State.Result!.Reason));
        });
    }

    [Fact]
    public void HangUp_BeforeTheAck_ByeComesAfterIt()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Build(), scene);
            var success = await peer.Response(200);
            Assert.Single(phone.Calls).HangUp();
            await scene.Seconds(3);
            Assert.False(peer.HasMore);
            Acknowledge(peer, scene, success);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
        });
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("2001:db8::1")]
    public void Invite_WithoutOffer_GetsOneByTheVersionItCameBy(string address)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T5, Answering);
            using var peer = new ScriptedPeer(scene.S1, address);
            var own = address.Contains(':', StringComparison.Ordinal) ? "2001:db8::5" : "10.0.0.5";
            var to = new System.Net.IPEndPoint(System.Net.IPAddress.Parse(own), PhoneScene.Port);
            peer.Send(peer.NewRequest(SipMethod.Invite, own.Contains(':', StringComparison.Ordinal) ? $"sip:bob@[{own}]" : $"sip:bob@{own}", "delayed", 1).Build(), to);
            var success = await peer.Response(200);
            Assert.Contains(own, success.ToString().Split("\r\n\r\n")[1], StringComparison.Ordinal);
            var call = Assert.Single(phone.Calls);
            Assert.NotEqual(CallPhase.Established, call.State.Phase);
            peer.Send(peer.NewRequest(SipMethod.Ack, success.Contacts[0].Uri.ToString(), "delayed", 1, success.To.Tag)
                .Body("application/sdp", ScriptedPeer.Audio(address).Bytes).Build(), to);
            Assert.True(await call.Answered);
            await scene.Seconds(1);
            Assert.InRange(call.Statistics!.Sent.Packets, 45, 55);
            call.HangUp();
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            await scene.AssertNothingLeft(phone);
        });
    }

    [Fact]
    public void Invite_WithoutOffer_AckWithoutAnswer_Ends()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 1).Build(), scene);
            Acknowledge(peer, scene, await peer.Response(200));
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
        });
    }

    [Fact]
    public void Invite_ByTwoWays_TheSecondIsMerged()
    {
        Play(new PhoneOptions(), async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Build(), scene);
            await peer.Response(180);
            peer.Send(Invite(peer).Build(), scene);
            var merged = await peer.Response(482);
            peer.Send(peer.NewRequest(SipMethod.Ack, Phone, "call", 1, merged.To.Tag).Build(), scene);
            Assert.Single(phone.Calls).HangUp();
            await peer.Response(603);
        });
    }

    [Theory]
    [InlineData("Require", "100rel", 420)]
    [InlineData("Session-Expires", "60", 422)]
    [InlineData("Content-Encoding", "gzip", 415)]
    public void Invite_ThatAsksTooMuch_IsRefusedAsTheRfcsSay(string header, string value, int status)
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Header(header, value).Header(HeaderName.Supported, "timer").Build(), scene);
            var refusal = await peer.Response(status);
            Assert.Equal(status == 420 ? "100rel" : null, refusal.Text(HeaderName.Unsupported));
            Assert.Equal(status == 422 ? "90" : null, refusal.Text(HeaderName.MinSe));
            Assert.Empty(phone.Calls);
        });
    }

    [Theory]
    [InlineData("application/sdp", "v=0\r\nthis is not one\r\n", 488)]
    [InlineData("application/sdp", "garbage", 488)]
    [InlineData("text/plain", "hello", 415)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 9\r\n", 488)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=video 40000 RTP/AVP 31\r\n", 488)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 pc.example.com\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n", 488)]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n", 488)]
    public void Invite_WhoseBodyCannotBeUsed_IsRefusedWithTheReason(string type, string body, int status)
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 1).Body(type, System.Text.Encoding.UTF8.GetBytes(body)).Build(), scene);
            var refusal = await peer.Response(status);
            Assert.True(refusal.Has(status == 415 ? HeaderName.Accept : HeaderName.Warning));
            Assert.Equal(default, phone.Resources);
        });
    }

    [Theory]
    [InlineData(true, 380)]
    [InlineData(false, 488)]
    public void Invite_OfAVersionThePhoneLacks_IsJudged(bool follows, int status)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T6, Answering);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var invite = peer.NewRequest(SipMethod.Invite, "sip:bob@10.0.0.6", "call", 1);
            peer.Send((follows ? invite.Header(HeaderName.Supported, "ip-redirect") : invite)
                .Body("application/sdp", ScriptedPeer.Audio("2001:db8::1").Bytes).Build(), new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.0.0.6"), PhoneScene.Port));
            var refusal = await peer.Response(status);
            Assert.Equal("301 10.0.0.6:5060 \"Incompatible network address formats: use IP4\"", refusal.Text(HeaderName.Warning));
            Assert.False(refusal.Has(HeaderName.Contact));
            Assert.Contains("c=IN IP4 0.0.0.0", refusal.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("IP6", refusal.ToString().Split("\r\n\r\n")[1], StringComparison.Ordinal);
            Assert.Equal(default, phone.Resources);
        });
    }

    [Fact]
    public void Requests_OutsideCalls_AreAnsweredAsTheyDeserve()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            uint sequence = 0;
            async Task<SipResponse> Expect(SipMethod method, int status, string? tag = null, string uri = Phone)
            {
                peer.Send(peer.NewRequest(method, uri, $"call{++sequence}", 1, tag).Build(), scene);
                return await peer.Response(status);
            }

            var capabilities = await Expect(SipMethod.Options, 200);
            Assert.True(capabilities.Lists(HeaderName.Allow, "INVITE") && capabilities.Lists(HeaderName.Accept, "application/sdp"));
            await Expect(SipMethod.Subscribe, 489);
            Assert.True((await Expect(new SipMethod("FOO"), 405)).Lists(HeaderName.Allow, "BYE"));
            await Expect(SipMethod.Notify, 481);
            await Expect(SipMethod.Bye, 481);
            await Expect(SipMethod.Bye, 481, "unknown");
            await Expect(SipMethod.Invite, 481, "unknown");
            await Expect(SipMethod.Cancel, 481);
            await Expect(SipMethod.Invite, 416, uri: "sips:bob@10.0.0.5");
            await Expect(SipMethod.Invite, 416, uri: "urn:service:sos");
        });
    }

    [Fact]
    public void Screen_Decides()
    {
        var screen = new Screening();
        Play(Answering with { Screen = screen }, async (scene, phone, peer) =>
        {
            screen.Next = CallScreening.Reject(404);
            peer.Send(Invite(peer, "one").Build(), scene);
            await peer.Response(404);
            screen.Next = CallScreening.Ring(earlyMedia: true);
            peer.Send(Invite(peer, "two").Build(), scene);
            Assert.False((await peer.Response(183)).Body.IsEmpty);
            Assert.Single(phone.Calls).Reject(486);
            await peer.Response(486);
            screen.Next = null;
            peer.Send(Invite(peer, "three").Build(), scene);
            var success = await peer.Response(200);
            Acknowledge(peer, scene, success);
            await HangUp(peer, scene, success);
        });
    }

    [Fact]
    public void Reinvite_OfTheOtherVersion_MovesTheMedia()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Build(), scene);
            var success = await peer.Response(200);
            Acknowledge(peer, scene, success);
            var call = Assert.Single(phone.Calls);
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 2, success.To.Tag).Body("application/sdp", ScriptedPeer.Audio("2001:db8::1").Bytes).Build(), scene);
            var second = await peer.Response(200);
            Assert.Contains("c=IN IP6 2001:db8::5", second.ToString(), StringComparison.Ordinal);
            Acknowledge(peer, scene, second);
            Assert.Equal(IpVersion.V6, call.MediaVersion);
            Assert.Equal(2, phone.Resources.MediaSockets);

            // What cannot be used changes nothing.
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 3, success.To.Tag).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1", formats: "9").Bytes).Build(), scene);
            var refusal = await peer.Response(488);
            peer.Send(peer.NewRequest(SipMethod.Ack, Phone, "call", 3, refusal.To.Tag).Build(), scene);
            Assert.Equal((CallPhase.Established, IpVersion.V6), (call.State.Phase, call.MediaVersion));
            await HangUp(peer, scene, success, 4);
        });
    }

    [Theory]
    [InlineData("10.0.0.1", "sendonly")]
    [InlineData("10.0.0.1", "inactive")]
    [InlineData("0.0.0.0", "sendrecv")]
    public void Reinvite_Hold_IsSeenInEveryForm(string address, string direction)
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Build(), scene);
            var success = await peer.Response(200);
            Acknowledge(peer, scene, success);
            var call = Assert.Single(phone.Calls);
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 2, success.To.Tag).Body("application/sdp", ScriptedPeer.Audio(address, direction: direction).Bytes).Build(), scene);
            Acknowledge(peer, scene, await peer.Response(200));
            Assert.Equal((CallPhase.Held, HoldState.Remote), (call.State.Phase, call.State.Hold));

            // A re-INVITE without an offer gets ours, and the answer comes with the ACK (RFC 3261 §14.2).
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 3, success.To.Tag).Build(), scene);
            var offer = await peer.Response(200);
            Assert.False(offer.Body.IsEmpty);
            peer.Send(peer.NewRequest(SipMethod.Ack, Phone, "call", 3, success.To.Tag).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build(), scene);
            await scene.Seconds(1);
            Assert.Equal(CallPhase.Established, call.State.Phase);
            await HangUp(peer, scene, success, 4);
        });
    }

    [Fact]
    public void SessionExpires_IsAgreed_AndRefreshedByTheCaller()
    {
        Play(Answering, async (scene, phone, peer) =>
        {
            peer.Send(Invite(peer).Header(HeaderName.SessionExpires, "120").Header(HeaderName.Supported, "timer").Build(), scene);
            var success = await peer.Response(200);
            Assert.Equal(("120;refresher=uac", "timer"), (success.Text(HeaderName.SessionExpires), success.Text(HeaderName.Require)));
            Acknowledge(peer, scene, success);
            var call = Assert.Single(phone.Calls);
            for (uint sequence = 2; sequence < 5; sequence++)
            {
                await scene.Seconds(60);
                peer.Send(peer.NewRequest(SipMethod.Update, Phone, "call", sequence, success.To.Tag)
                    .Header(HeaderName.SessionExpires, "120;refresher=uac").Header(HeaderName.Supported, "timer").Build(), scene);
                Assert.Equal("120;refresher=uac", (await peer.Response(200)).Text(HeaderName.SessionExpires));
            }

            Assert.Equal(CallPhase.Established, call.State.Phase);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            Assert.Equal(CallOutcome.Failed, (await call.Completion).Outcome);
        });
    }

    private static RequestBuilder Invite(ScriptedPeer peer, string callId = "call") =>
        peer.NewRequest(SipMethod.Invite, Phone, callId, 1).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes);

    private static void Acknowledge(ScriptedPeer peer, PhoneScene scene, SipResponse success) =>
        peer.Send(peer.NewRequest(SipMethod.Ack, Phone, success.CallId, success.CSeq.Number, success.To.Tag).Build(), scene);

    private static async Task HangUp(ScriptedPeer peer, PhoneScene scene, SipResponse success, uint sequence = 2)
    {
        peer.Send(peer.NewRequest(SipMethod.Bye, Phone, success.CallId, sequence, success.To.Tag).Build(), scene);
        await peer.Response(200);
    }

    private sealed class Screening : ICallScreen
    {
        public CallScreening? Next { get; set; }

        public CallScreening? Screen(Call call) => Next;
    }
}
