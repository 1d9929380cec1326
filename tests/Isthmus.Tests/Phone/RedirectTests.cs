// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.DirectCallTests;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>Calls that begin on the wrong IP version: what the caller and the called phone do about it (docs/figures.md).</summary>
public sealed class RedirectTests
{
    private static readonly PhoneOptions Answering = new() { Answer = AnswerPolicy.Automatic };

    /// <summary>The called phone judges: it cannot use the offer's version and says so; the caller calls again. Signalling stays where it is (FIG. 7).</summary>
    [Theory]
    [InlineData(true, 380)]
    [InlineData(false, 488)]
    public void Dial_OfferOfTheWrongVersion_CalledPhoneRefuses_CallerCallsAgain(bool judges, int status)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var low = new Tones(440);
            await using var caller = scene.Phone(scene.T5, tones: low);
            await using var callee = scene.Phone(scene.T6, Answering with { Judge = judges }, new Tones(1000));

            var call = caller.Dial("sip:10.0.0.6", new DialOptions { Version = IpVersion.V6 });
            Assert.True(await call.Answered);
            await scene.Seconds(2);

            Assert.Equal([IpVersion.V4], call.Redirects);
            Assert.Equal((IpVersion.V4, IpVersion.V4), (call.SignallingVersion, call.MediaVersion));
            Assert.Contains(call.History, s => s is { Phase: CallPhase.Redirected, Version: IpVersion.V4 } && s.Status == status);
            Assert.Equal(1000, low.Heard(call) ?? 0, 10.0);
            var invites = scene.World.Network.Capture.Where(s => s.FirstLine.StartsWith("INVITE", StringComparison.Ordinal)).Select(s => s.Text).ToList();
            Assert.Equal(2, invites.Count);
            Assert.Contains("c=IN IP6 2001:db8::5", invites[0], StringComparison.Ordinal);
            Assert.Contains("c=IN IP4 10.0.0.5", invites[1], StringComparison.Ordinal);
            Assert.Contains("o=- ", invites[1], StringComparison.Ordinal);
            Assert.DoesNotContain("IP6", invites[1], StringComparison.Ordinal);
            await call.HangUpAsync();
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void Dial_CallerThatDoesNotFollow_Gets488WithTheReason()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { FollowRedirects = false });
            await using var callee = scene.Phone(scene.T6, Answering);

            var result = await caller.CallAsync("sip:10.0.0.6", new DialOptions { Version = IpVersion.V6 });

            Assert.Equal((CallOutcome.IncompatibleVersions, 488), (result.Outcome, result.Status));
            Assert.Contains("use IP4", result.Warning, StringComparison.Ordinal);
            Assert.Empty(result.Redirects);
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    /// <summary>The called phone answers in the version of the offer, whatever version the INVITE came by (FIG. 8).</summary>
    [Fact]
    public void Dial_CalledPhoneHasBothVersions_AnswersInTheOffers()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T8, Answering);

            var call = caller.Dial("sip:10.0.0.8", new DialOptions { Version = IpVersion.V6 });
            Assert.True(await call.Answered);

            Assert.Empty(call.Redirects);
            Assert.Equal((IpVersion.V4, IpVersion.V6), (call.SignallingVersion, call.MediaVersion));
            await call.HangUpAsync();
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    /// <summary>RFC 3261 §20.43 and §21.4.26 in all forms that the caller must understand, and those that are about something else.</summary>
    [Theory]
    [InlineData(380, "301 peer \"Incompatible network address formats: use IP4\"", null, true)]
    [InlineData(380, null, "10.0.0.1", true)]
    [InlineData(380, null, null, true)]
    [InlineData(488, "301 peer \"Incompatible network address formats: use IP4\"", null, true)]
    [InlineData(488, null, null, true)]
    [InlineData(488, null, "10.0.0.1", true)]
    [InlineData(606, "300 peer \"Incompatible network protocol\"", null, true)]
    [InlineData(606, null, "10.0.0.1", true)]
    [InlineData(606, null, null, true)]
    [InlineData(488, "305 peer \"Incompatible media format\"", null, false)]
    [InlineData(488, "301 peer \"Incompatible network address formats: use IP6\"", null, false)]
    [InlineData(302, null, null, false)]
    [InlineData(415, null, null, false)]
    public void Refusal_AboutVersions_IsFollowedOnce(int status, string? warning, string? body, bool again)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var call = caller.Dial("sip:bob@10.0.0.1", new DialOptions { Version = IpVersion.V6 });
            var first = await peer.Request(SipMethod.Invite);
            Assert.True(first.Lists(HeaderName.Supported, "ip-redirect"));
            peer.Send(Refusal(peer, first, status, warning, body));
            await peer.Request(SipMethod.Ack);
            if (!again)
            {
                Assert.Equal(status, (await call.Completion).Status);
                await scene.AssertNothingLeft(caller);
                Assert.False(peer.HasMore);
                return;
            }

            var second = await peer.Request(SipMethod.Invite);
            Assert.Equal((first.CallId, first.From.Tag), (second.CallId, second.From.Tag));
            Assert.Null(second.To.Tag);
            Assert.True(second.CSeq.Number > first.CSeq.Number);
            Assert.Contains("c=IN IP4 10.0.0.5", second.ToString(), StringComparison.Ordinal);

            // The second time is a refusal.
            peer.Send(Refusal(peer, second, status, warning?.Replace("IP4", "IP6", StringComparison.Ordinal), body is null ? null : "2001:db8::1"));
            await peer.Request(SipMethod.Ack);
            Assert.Equal(status, (await call.Completion).Status);
            await scene.AssertNothingLeft(caller);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void Refusal_AfterHangUp_IsNotFollowed()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var call = caller.Dial("sip:bob@10.0.0.1", new DialOptions { Version = IpVersion.V6 });
            var invite = await peer.Request(SipMethod.Invite);
            peer.Respond(invite, 180);
            await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);
            call.HangUp();
            peer.Send(Refusal(peer, invite, 380, null, "10.0.0.1"));

            var cancel = await peer.Request(SipMethod.Cancel);
            peer.Respond(cancel, 200);
            await peer.Request(SipMethod.Ack);
            Assert.Equal(CallOutcome.Cancelled, (await call.Completion).Outcome);
            await scene.AssertNothingLeft(caller);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void HangUp_AfterTheRedirect_CancelsTheSecondInvite()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6);
            var call = caller.Dial("sip:10.0.0.6", new DialOptions { Version = IpVersion.V6 });
            var incoming = await First(callee);
            await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);

            Assert.Equal(CallOutcome.Cancelled, (await call.HangUpAsync()).Outcome);

            Assert.Equal([IpVersion.V4], call.State.Result!.Redirects);
            Assert.Equal(CallOutcome.Cancelled, (await incoming.Completion).Outcome);
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    /// <summary>A phone that answers by another version than it was offered would be heard one way: it is offered that version.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_OfTheOtherVersion_IsOfferedThatVersion(bool accepts)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var call = caller.Dial("sip:bob@10.0.0.1", new DialOptions { Version = IpVersion.V6 });
            var invite = await peer.Request(SipMethod.Invite);
            peer.Respond(invite, 200, ScriptedPeer.Audio("10.0.0.1"));
            await peer.Request(SipMethod.Ack);
            var second = await peer.Request(SipMethod.Invite);
            Assert.Equal("peer", second.To.Tag);
            Assert.Contains("c=IN IP4 10.0.0.5", second.ToString(), StringComparison.Ordinal);
            Assert.Equal(CallPhase.Redirected, call.State.Phase);
            if (accepts)
            {
                peer.Respond(second, 200, ScriptedPeer.Audio("10.0.0.1"));
                await peer.Request(SipMethod.Ack);
                Assert.True(await call.Answered);
                Assert.Equal(IpVersion.V4, call.MediaVersion);
                call.HangUp();
            }
            else
            {
                peer.Respond(second, 488);
                await peer.Request(SipMethod.Ack);
            }

            peer.Respond(await peer.Request(SipMethod.Bye), 200);
            var result = await call.Completion;
            Assert.Equal(accepts ? CallOutcome.Completed : CallOutcome.IncompatibleVersions, result.Outcome);
            Assert.Equal([IpVersion.V4], result.Redirects);
            await scene.AssertNothingLeft(caller);
        });
    }

    private static SipMessage Refusal(ScriptedPeer peer, SipRequest invite, int status, string? warning, string? body)
    {
        var answer = invite.Answer(status, null, "peer");
        if (warning is not null)
        {
            answer.Header(HeaderName.Warning, warning);
        }

        if (body is not null)
        {
            answer.Body("application/sdp", ScriptedPeer.Audio(body, 9, formats: "0").Bytes);
        }

        return answer.Build();
    }
}
