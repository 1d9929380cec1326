// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class TimeoutTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Invite_DeviceIsSilent_408() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(alice, bob);

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        alice.AckFailure(invite, await alice.Expect("408", TimeSpan.FromSeconds(40)));
    });

    [Fact]
    public void Invite_DeviceIsUnreachable_TheNextIsTriedAndThenThereIs500() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa desk = s.Ua("bob", "192.0.2.20");
        ScriptedUa mobile = s.Ua("bob", "192.0.2.21");
        await s.Register(alice);
        await s.Register(desk, contactParameters: ";q=0.9");
        await s.Register(mobile, contactParameters: ";q=0.1");
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
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob4 = s.Ua("bob", "192.0.2.20");
        ScriptedUa bob6 = s.Ua("bob", "2001:db8::20");
        await s.Register(alice);
        await s.Register(bob4, Device);
        await s.Register(bob6, Device);
        bob4.Close();

        alice.Send(alice.Request(method, Bob, body: ServerWorld.OfferV4));
        bob6.Respond(await bob6.Expect(method, TimeSpan.FromSeconds(1)), 200, body: ServerWorld.OfferV4);
        await alice.Expect("200");
    });

    [Fact]
    public void Invite_RingsForever_TimerCCancelsAndProvisionalsPutItOff() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(alice, bob);

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        await s.World.Delay(TimeSpan.FromSeconds(120));
        bob.Respond(atBob, 183);
        Assert.DoesNotContain(await bob.Listen(TimeSpan.FromSeconds(120)), m => m.Method == "CANCEL");
        bob.Respond(await bob.Expect("CANCEL", TimeSpan.FromSeconds(65)), 200);
        bob.Respond(atBob, 487);
        alice.AckFailure(invite, await alice.Expect("487"));
    });

    [Fact]
    public void NonInvite_DeviceIsSilent_NoLate408() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        ScriptedUa bob = s.Ua("bob", "192.0.2.20");
        await s.Register(alice, bob);

        alice.Send(alice.Request("REFER", Bob));
        await bob.Expect("REFER");
        Assert.DoesNotContain(await alice.Listen(TimeSpan.FromSeconds(70)), m => m.Status >= 200);
        Assert.Equal(0, s.Stack.LiveTransactions);
    });
}
