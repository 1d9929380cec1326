// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class TimeoutTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Invite_DeviceIsSilent_408() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        alice.AckFailure(invite, await alice.Expect("408", TimeSpan.FromSeconds(40)));
    });

    [Fact]
    public void Invite_DeviceIsUnreachable_TheNextIsTriedAndThenThereIs500() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa desk, ScriptedUa mobile) = await s.AliceAndTwoOfBob(first: ";q=0.9", second: ";q=0.1");
        desk.Close();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        await mobile.Expect("INVITE", TimeSpan.FromSeconds(1));
        mobile.Close();
        alice.AckFailure(invite, await alice.Expect("500", TimeSpan.FromSeconds(1)));
    });

    [Theory]
    [InlineData("INVITE")]
    [InlineData("MESSAGE")]
    public void Request_OneBindingOfTheDeviceIsUnreachable_GoesByTheOther(string method) => ServerWorld.Play(async s =>
    {
        const string Device = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000b0b0>\"";
        (ScriptedUa alice, ScriptedUa bob4, ScriptedUa bob6) = await s.AliceAndTwoOfBob("2001:db8::20", Device, Device);
        bob4.Close();

        alice.Send(alice.Request(method, Bob, body: ServerWorld.OfferV4));
        bob6.Respond(await bob6.Expect(method, TimeSpan.FromSeconds(1)), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_RingsForever_TimerCCancelsAndProvisionalsPutItOff() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        await s.World.Delay(TimeSpan.FromSeconds(120));
        bob.Respond(atBob, 183);
        Assert.DoesNotContain(await bob.Listen(TimeSpan.FromSeconds(120)), m => m.Method == "CANCEL");
        await bob.ExpectCancel(atBob, TimeSpan.FromSeconds(65));
        alice.AckFailure(invite, await alice.Expect("487"));
    });

    [Fact]
    public void NonInvite_DeviceIsSilent_NoLate408() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        alice.Send(alice.Request("REFER", Bob));
        await bob.Expect("REFER");
        Assert.DoesNotContain(await alice.Listen(TimeSpan.FromSeconds(70)), m => m.Status >= 200);
        Assert.Equal(0, s.Stack.LiveTransactions);
    });
}
