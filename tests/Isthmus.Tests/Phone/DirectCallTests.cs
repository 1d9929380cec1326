// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone;

/// <summary>Phone to phone, without a server.</summary>
public sealed class DirectCallTests
{
    private static readonly PhoneOptions Answering = new() { Answer = AnswerPolicy.Automatic };

    [Theory]
    [InlineData("sip:10.0.0.8", IpVersion.V4, SipTransport.Udp)]
    [InlineData("sip:bob@[2001:db8::8]", IpVersion.V6, SipTransport.Udp)]
    [InlineData("sip:10.0.0.8;transport=tcp", IpVersion.V4, SipTransport.Tcp)]
    [InlineData("sip:bob@[2001:db8::8];transport=tcp", IpVersion.V6, SipTransport.Tcp)]
    public void Dial_PhoneThatAnswers_BothHearEachOther(string address, IpVersion version, SipTransport transport)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var (low, high) = (new Tones(440), new Tones(1000));
            var options = Answering with { Ipv4Transport = transport, Ipv6Transport = transport };
            await using var caller = scene.Phone(scene.T5, options, low);
            await using var callee = scene.Phone(scene.T8, options with { AnswerAfter = TimeSpan.FromSeconds(1) }, high);

            var call = caller.Dial(address);
            var incoming = await First(callee);
            Assert.True(await call.Answered);
            await scene.Seconds(3);
            Assert.Equal(2, caller.Resources.MediaSockets);
            var result = await call.HangUpAsync();
            var other = await incoming.Completion;

            Assert.Equal(1000, high.Ears.Count == 1 ? low.Heard(call) ?? 0 : 0, 10.0);
            Assert.Equal(440, high.Heard(incoming) ?? 0, 10.0);
            Assert.Equal((CallOutcome.Completed, false, true), (result.Outcome, result.ByRemote, result.WasAnswered));
            Assert.Equal((CallOutcome.Completed, true), (other.Outcome, other.ByRemote));
            Assert.Equal((version, version), (result.MediaVersion, result.SignallingVersion));
            Assert.InRange(result.Duration, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(3.1));
            Assert.InRange(result.Statistics!.Received.Packets, 140, 160);
            Assert.Equal(0, result.Statistics.Received.Lost);
            Assert.Equal([CallPhase.Calling, CallPhase.Ringing, CallPhase.Established, CallPhase.Ended], call.History.Select(s => s.Phase));
            Assert.Equal([CallPhase.Calling, CallPhase.Ringing, CallPhase.Established, CallPhase.Ended], incoming.History.Select(s => s.Phase));
            await scene.AssertNothingLeft(caller, callee);
            Assert.Equal((1, 1), (low.Closed, high.Closed));
        });
    }

    [Fact]
    public void HangUp_ByTheCalledSide_EndsBoth()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6, Answering);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            Assert.True(await call.Answered);

            incoming.HangUp();

            Assert.Equal((CallOutcome.Completed, true), ((await call.Completion).Outcome, call.State.Result!.ByRemote));
            Assert.Equal((CallOutcome.Completed, false), ((await incoming.Completion).Outcome, incoming.State.Result!.ByRemote));
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void HangUp_WhileRinging_Cancels()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);

            var result = await call.HangUpAsync();

            Assert.Equal(CallOutcome.Cancelled, result.Outcome);
            Assert.False(result.WasAnswered);
            Assert.Equal((CallOutcome.Cancelled, true), ((await incoming.Completion).Outcome, incoming.State.Result!.ByRemote));
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void HangUp_SoundThatFailsToClose_StillEndsTheCall()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { Audio = new AudioThatFailsToClose() });
            await using var callee = scene.Phone(scene.T6, Answering);
            var call = caller.Dial("sip:10.0.0.6");
            Assert.True(await call.Answered);

            call.HangUp();

            Assert.Equal(CallOutcome.Completed, (await call.Completion).Outcome);
            await scene.Seconds(40);
            Assert.Empty(caller.Calls);
            Assert.Equal(default, caller.Resources);
        });
    }

    [Fact]
    public void HangUp_BeforeAnyAnswer_CancelsAsSoonAsItMay()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6);
            var call = caller.Dial("sip:10.0.0.6");
            call.HangUp();

            Assert.Equal(CallOutcome.Cancelled, (await call.Completion).Outcome);
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Theory]
    [InlineData(486, CallOutcome.Busy)]
    [InlineData(603, CallOutcome.Declined)]
    [InlineData(480, CallOutcome.NoAnswer)]
    [InlineData(500, CallOutcome.Rejected)]
    public void Reject_WhileRinging_TellsTheCallerWhy(int status, CallOutcome outcome)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            await scene.World.Until(() => call.State.Phase == CallPhase.Ringing);

            incoming.Reject(status);

            var result = await call.Completion;
            Assert.Equal((outcome, status, true), (result.Outcome, result.Status, result.ByRemote));
            Assert.Equal(outcome, (await incoming.Completion).Outcome);
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void Dial_NobodyAnswers_BothGiveUpAfterTheRingTimeout()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var brief = new PhoneOptions { RingTimeout = TimeSpan.FromSeconds(20) };
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6, brief);
            Assert.Equal((CallOutcome.NoAnswer, 480), (await caller.Dial("sip:10.0.0.6").Completion) is var r ? (r.Outcome, r.Status) : default);

            await using var impatient = scene.Phone(scene.T8, brief);
            await using var patient = scene.Phone(scene.T7);
            var call = impatient.Dial("sip:[2001:db8::7]");
            Assert.Equal(CallOutcome.NoAnswer, (await call.Completion).Outcome);
            await scene.AssertNothingLeft(caller, callee, impatient, patient);
        });
    }

    [Fact]
    public void Dial_MoreThanTheLimit_IsBusyThereAndFailsHere()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5, new PhoneOptions { MaxCalls = 3 });
            await using var callee = scene.Phone(scene.T6, Answering with { MaxCalls = 2 });
            var calls = Enumerable.Range(0, 4).Select(_ => caller.Dial("sip:10.0.0.6")).ToList();

            Assert.Equal("too many calls at a time", (await calls[3].Completion).Reason);
            Assert.True(await calls[0].Answered);
            Assert.True(await calls[1].Answered);
            Assert.Equal(CallOutcome.Busy, (await calls[2].Completion).Outcome);
            Assert.Equal(2, caller.Calls.Count);
            Assert.Equal(2, callee.Calls.Count);
            foreach (var call in calls)
            {
                await call.HangUpAsync();
            }

            await scene.AssertNothingLeft(caller, callee);
            Assert.True(await caller.Dial("sip:10.0.0.6").Answered);
        });
    }

    [Fact]
    public void Hold_AndResume_ByEitherSide_StopsSoundAndBringsItBack()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5, tones: new Tones(440));
            await using var callee = scene.Phone(scene.T6, Answering, new Tones(1000));
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            Assert.True(await call.Answered);

            Assert.True(await call.HoldAsync());
            Assert.Equal((CallPhase.Held, HoldState.Local), (call.State.Phase, call.State.Hold));
            Assert.Equal((CallPhase.Held, HoldState.Remote), (incoming.State.Phase, incoming.State.Hold));
            await scene.Seconds(0.5);
            var before = (call.Statistics!.Received.Packets, incoming.Statistics!.Received.Packets);
            await scene.Seconds(1);
            Assert.Equal(before, (call.Statistics!.Received.Packets, incoming.Statistics!.Received.Packets));

            Assert.True(await incoming.HoldAsync());
            Assert.Equal(HoldState.Both, call.State.Hold);
            Assert.True(await call.ResumeAsync());
            Assert.Equal(HoldState.Remote, call.State.Hold);
            Assert.True(await incoming.ResumeAsync());
            Assert.Equal((CallPhase.Established, HoldState.None), (call.State.Phase, call.State.Hold));
            Assert.Equal((CallPhase.Established, HoldState.None), (incoming.State.Phase, incoming.State.Hold));
            await scene.Seconds(1);
            Assert.True(call.Statistics!.Received.Packets > before.Item1 + 40);
            Assert.True(incoming.Statistics!.Received.Packets > before.Item2 + 40);
            await call.HangUpAsync();
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void Hold_ByBothAtOnce_GlareIsSettled()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6, Answering);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            Assert.True(await call.Answered);
            await scene.Seconds(1);

            var (one, other) = (call.HoldAsync(), incoming.HoldAsync());
            Assert.True(await one);
            Assert.True(await other);

            Assert.Contains(scene.World.Network.Capture, s => s.FirstLine.StartsWith("SIP/2.0 491", StringComparison.Ordinal));
            Assert.Equal((HoldState.Both, HoldState.Both), (call.State.Hold, incoming.State.Hold));
            await call.HangUpAsync();
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Fact]
    public void SendDigits_BothWays_AreHeard()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6, Answering);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            Assert.False(call.SendDigits("1"));
            Assert.True(await call.Answered);

            Assert.True(call.SendDigits("0123456789*#"));
            Assert.True(incoming.SendDigits("ABCD"));
            Assert.False(call.SendDigits("x"));
            await scene.Seconds(6);

            Assert.Equal("0123456789*#", incoming.ReceivedDigits);
            Assert.Equal("ABCD", call.ReceivedDigits);
            await call.HangUpAsync();
        });
    }

    [Fact]
    public void EarlyMedia_IsHeardBeforeTheAnswer()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var low = new Tones(440);
            await using var caller = scene.Phone(scene.T5, tones: low);
            await using var callee = scene.Phone(scene.T6, Answering with { EarlyMedia = true, AnswerAfter = TimeSpan.FromSeconds(3) }, new Tones(1000));
            var call = caller.Dial("sip:10.0.0.6");
            await scene.Seconds(2);

            Assert.Equal((CallPhase.EarlyMedia, IpVersion.V4), (call.State.Phase, call.State.Version));
            Assert.Equal(1000, low.Heard(call) ?? 0, 10.0);
            Assert.True(await call.Answered);
            await call.HangUpAsync();
            await scene.AssertNothingLeft(caller, callee);
        });
    }

    [Theory]
    [InlineData("", CallOutcome.InvalidAddress)]
    [InlineData("sip:", CallOutcome.InvalidAddress)]
    [InlineData("mailto:bob@example.com", CallOutcome.InvalidAddress)]
    [InlineData("sips:10.0.0.6", CallOutcome.InvalidAddress)]
    [InlineData("bob@example.com", CallOutcome.InvalidAddress)]
    [InlineData("tel:+4912345", CallOutcome.InvalidAddress)]
    [InlineData("sip:[2001:db8::7]", CallOutcome.Unreachable)]
    [InlineData("sip:10.0.0.99", CallOutcome.Unreachable)]
    [InlineData("sip:10.0.0.5:9", CallOutcome.Unreachable)]
    public void Dial_WhatCannotBeReached_EndsAtOnceAndSaysWhy(string address, CallOutcome outcome)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var caller = scene.Phone(scene.T6);
            var result = await caller.CallAsync(address);
            Assert.Equal(outcome, result.Outcome);
            Assert.NotEmpty(result.Reason);
            await scene.AssertNothingLeft(caller);
        });
    }

    [Theory]
    [InlineData(0.2, 0.2, 0.2)]
    [InlineData(0.35, 0, 0)]
    public void Dial_OverABadNetwork_TheCallStandsAndEnds(double loss, double duplication, double reordering)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            using var scene = new PhoneScene(seed);
            (scene.World.Network.Faults.Loss, scene.World.Network.Faults.Duplication, scene.World.Network.Faults.Reordering) = (loss, duplication, reordering);
            scene.Run(async () =>
            {
                await using var caller = scene.Phone(scene.T5);
                await using var callee = scene.Phone(scene.T6, Answering with { AnswerAfter = TimeSpan.FromSeconds(1) });
                var call = caller.Dial("sip:10.0.0.6");
                Assert.True(await call.Answered);
                await scene.Seconds(5);
                Assert.Equal(CallOutcome.Completed, (await call.HangUpAsync()).Outcome);
                await scene.World.Until(() => callee.Calls.Count == 0);
                await scene.Seconds(40);
                await scene.AssertNothingLeft(caller, callee);
            });
        }
    }

    [Fact]
    public void Dispose_InACall_SaysGoodbye()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var caller = scene.Phone(scene.T5);
            await using var callee = scene.Phone(scene.T6, Answering);
            var call = caller.Dial("sip:10.0.0.6");
            var incoming = await First(callee);
            Assert.True(await call.Answered);

            await caller.DisposeAsync();

            Assert.True((await incoming.Completion).ByRemote);
            Assert.Equal(0, scene.T5.Bound);
            Assert.Equal(CallOutcome.Failed, caller.Dial("sip:10.0.0.6").State.Result!.Outcome);
        });
    }

    internal static async Task<Call> First(SipPhone phone)
    {
        await foreach (var call in phone.IncomingCalls())
        {
            return call;
        }

        throw new InvalidOperationException("no call came");
    }

    private sealed class AudioThatFailsToClose : ICallAudio
    {
        public CallAudio Open(Call call) => CallAudio.Silent;

        public void Close(Call call, CallAudio audio) => throw new InvalidOperationException("The sound card is gone.");
    }
}
