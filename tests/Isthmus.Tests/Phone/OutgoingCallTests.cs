// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>The calling side against somebody who does by hand what phones rarely do.</summary>
public sealed class OutgoingCallTests
{
    [Fact]
    public void Success_Again_IsAcknowledgedAgain()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.HearsRepetitions = true;
            var success = peer.Answer(invite, 200).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build();
            for (var i = 0; i < 3; i++)
            {
                peer.Send(success);
                var ack = await peer.Request(SipMethod.Ack);
                Assert.Equal((invite.CSeq.Number, "peer"), (ack.CSeq.Number, ack.To.Tag));
            }

            await HangUp(peer, call);
        });
    }

    [Fact]
    public void Success_FromTwoPhones_TheSecondIsReleased()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.Respond(invite, 180, tag: "one");
            peer.Respond(invite, 180, tag: "two");
            peer.Respond(invite, 200, ScriptedPeer.Audio("10.0.0.1"), "one");
            Assert.Equal("one", (await peer.Request(SipMethod.Ack)).To.Tag);
            peer.Respond(invite, 200, ScriptedPeer.Audio("10.0.0.1", 40002), "two");
            Assert.Equal("two", (await peer.Request(SipMethod.Ack)).To.Tag);
            var bye = await peer.Request(SipMethod.Bye);
            Assert.Equal("two", bye.To.Tag);
            peer.Respond(bye, 200);
            Assert.Equal(CallPhase.Established, call.State.Phase);
            await HangUp(peer, call, "one");
        });
    }

    [Fact]
    public void Success_CrossingTheCancel_IsReleased()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.Respond(invite, 180);
            await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);
            call.HangUp();
            var cancel = await peer.Request(SipMethod.Cancel);
            peer.Respond(invite, 200, ScriptedPeer.Audio("10.0.0.1"));
            peer.Respond(cancel, 200);
            await peer.Request(SipMethod.Ack);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            Assert.Equal(CallOutcome.Cancelled, (await call.Completion).Outcome);
        });
    }

    [Fact]
    public void Provisional_Reliable_IsAcknowledgedInOrderAndOnce()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            Assert.True(invite.Lists(HeaderName.Supported, "100rel"));
            SipResponse Progress(uint number, int status) => peer.Answer(invite, status).Header(HeaderName.Require, "100rel")
                .Header(HeaderName.RSeq, $"{number}").Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build();
            peer.Send(Progress(7, 183));
            var prack = await peer.Request(SipMethod.Prack);
            Assert.Equal($"7 {invite.CSeq.Number} INVITE", prack.Text(HeaderName.RAck));
            peer.Respond(prack, 200);
            Assert.Equal(CallPhase.EarlyMedia, call.State.Phase);

            // One that is missing in between: not acknowledged until it is there.
            peer.Send(Progress(9, 180));
            await scene.Seconds(1);
            Assert.False(peer.HasMore);
            peer.Send(Progress(8, 180));
            prack = await peer.Request(SipMethod.Prack);
            Assert.Equal($"8 {invite.CSeq.Number} INVITE", prack.Text(HeaderName.RAck));
            peer.Respond(prack, 200);
            peer.Respond(invite, 200);
            await peer.Request(SipMethod.Ack);
            Assert.True(await call.Answered);
            await HangUp(peer, call);
        });
    }

    [Theory]
    [InlineData(null, "application/sdp")]
    [InlineData("this is no session description", "application/sdp")]
    [InlineData("hello", "text/plain")]
    public void Success_WithoutAUsableAnswer_IsAcknowledgedAndReleased(string? body, string type)
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            var success = peer.Answer(invite, 200);
            peer.Send((body is null ? success : success.Body(type, System.Text.Encoding.UTF8.GetBytes(body))).Build());
            await peer.Request(SipMethod.Ack);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            var result = await call.Completion;
            Assert.Equal((CallOutcome.IncompatibleMedia, false), (result.Outcome, result.WasAnswered));
        });
    }

    [Fact]
    public void SessionExpires_RefreshIsOurs_RefreshesInTimeAndEndsWhenRefused()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.Send(peer.Answer(invite, 200).Header(HeaderName.SessionExpires, "100;refresher=uac").Header(HeaderName.Require, "timer")
                .Header(HeaderName.Allow, "INVITE, ACK, BYE, UPDATE").Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build());
            await peer.Request(SipMethod.Ack);
            var answered = scene.World.Time.GetUtcNow();

            var refresh = await peer.Request(SipMethod.Update);
            Assert.Equal(50, (scene.World.Time.GetUtcNow() - answered).TotalSeconds, 1.0);
            Assert.Equal("100;refresher=uac", refresh.Text(HeaderName.SessionExpires));
            Assert.True(refresh.Body.IsEmpty);
            peer.Send(peer.Answer(refresh, 200).Header(HeaderName.SessionExpires, "100;refresher=uac").Build());

            peer.Respond(await peer.Request(SipMethod.Update), 481);
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            Assert.Equal((CallOutcome.Failed, 481), ((await call.Completion).Outcome, call.State.Result!.Status));
        });
    }

    [Fact]
    public void SessionExpires_RefreshIsTheirs_AndDoesNotCome_EndsTheCall()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.Send(peer.Answer(invite, 200).Header(HeaderName.SessionExpires, "96;refresher=uas")
                .Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build());
            await peer.Request(SipMethod.Ack);
            var answered = scene.World.Time.GetUtcNow();
            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            Assert.Equal(64, (scene.World.Time.GetUtcNow() - answered).TotalSeconds, 1.0);
            Assert.Equal(CallOutcome.Failed, (await call.Completion).Outcome);
        });
    }

    [Fact]
    public void SessionExpires_Asked_422IsAskedAgainWithTheirMinimum()
    {
        Play(
            async (scene, phone, peer) =>
            {
                var call = phone.Dial("sip:bob@10.0.0.1");
                var invite = await peer.Request(SipMethod.Invite);
                Assert.Equal("120", invite.Text(HeaderName.SessionExpires));
                peer.Send(invite.Answer(422, null, "peer").Header(HeaderName.MinSe, "1800").Build());
                await peer.Request(SipMethod.Ack);
                var second = await peer.Request(SipMethod.Invite);
                Assert.Equal(("1800", "1800"), (second.Text(HeaderName.SessionExpires), second.Text(HeaderName.MinSe)));
                peer.Respond(second, 200, ScriptedPeer.Audio("10.0.0.1"));
                await peer.Request(SipMethod.Ack);
                await HangUp(peer, call);
            },
            new PhoneOptions { SessionExpires = TimeSpan.FromMinutes(2) });
    }

    [Fact]
    public void NoAnswerAtAll_EndsAsUnreachable()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            Assert.Equal((CallOutcome.Unreachable, 408), ((await call.Completion).Outcome, call.State.Result!.Status));
            await peer.Request(SipMethod.Invite);
        });
    }

    [Fact]
    public void InDialogRequests_AreAnsweredAsTheyDeserve()
    {
        Play(async (scene, phone, peer) =>
        {
            var call = phone.Dial("sip:bob@10.0.0.1");
            var invite = await peer.Request(SipMethod.Invite);
            peer.Respond(invite, 200, ScriptedPeer.Audio("10.0.0.1"));
            await peer.Request(SipMethod.Ack);
            uint sequence = 0;
            async Task Expect(SipMethod method, int status, string? type = null, string? body = null, string? tag = null)
            {
                var request = InDialog(peer, method, invite, ++sequence, tag);
                peer.Send((type is null ? request : request.Body(type, System.Text.Encoding.UTF8.GetBytes(body!))).Build(), peer.Last);
                await peer.Response(status);
            }

            await Expect(SipMethod.Info, 200);
            await Expect(SipMethod.Info, 200, "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n");
            await Expect(SipMethod.Info, 415, "text/plain", "hello");
            await Expect(SipMethod.Options, 200);
            await Expect(SipMethod.Notify, 481);
            await Expect(SipMethod.Refer, 405);
            await Expect(SipMethod.Update, 200);
            await Expect(SipMethod.Update, 488, "application/sdp", "v=0\r\nrubbish");
            await Expect(SipMethod.Bye, 481, tag: "stranger");
            sequence = 0;
            await Expect(SipMethod.Info, 500);
            sequence = 100;
            Assert.Equal("5", call.ReceivedDigits);
            await Expect(SipMethod.Bye, 200);
            Assert.True((await call.Completion).ByRemote);
        });
    }

    private static RequestBuilder InDialog(ScriptedPeer peer, SipMethod method, SipRequest invite, uint sequence, string? tag) =>
        peer.NewRequest(method, invite.Contacts[0].Uri.ToString(), invite.CallId, sequence, invite.From.Tag, tag ?? "peer");

    private static async Task HangUp(ScriptedPeer peer, Call call, string tag = "peer")
    {
        call.HangUp();
        var bye = await peer.Request(SipMethod.Bye);
        Assert.Equal(tag, bye.To.Tag);
        peer.Respond(bye, 200);
        Assert.Equal(CallOutcome.Completed, (await call.Completion).Outcome);
    }
}
