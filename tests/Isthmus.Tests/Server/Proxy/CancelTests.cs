// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class CancelTests
{
    private const string Bob = "sip:bob@example.com";

    [Fact]
    public void Cancel_WhileRinging_ReachesEveryDevice() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob1, ScriptedUa bob2) = await s.AliceAndTwoOfBob("2001:db8::20");

        (RawMessage invite, RawMessage one, RawMessage two) = await ServerWorld.Fork(alice, Bob, bob1, bob2);
        bob1.Respond(one, 180);
        bob2.Respond(two, 180);
        await alice.Expect("180");
        alice.Cancel(invite);
        Assert.Contains("CANCEL", (await alice.Expect("200"))["CSeq"], StringComparison.Ordinal);
        await bob1.ExpectCancel(one);
        await bob2.ExpectCancel(two);
        alice.AckFailure(invite, await alice.Expect("487"));
        Assert.Empty(s.Proxy.Calls.Calls);
    });

    [Fact]
    public void Cancel_BeforeAnyProvisional_WaitsForIt() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage one = await bob.Expect("INVITE");
        alice.Cancel(invite);
        await alice.Expect("200");
        Assert.DoesNotContain(await bob.Listen(TimeSpan.FromSeconds(1)), m => m.Method == "CANCEL");
        bob.Respond(one, 100);
        await bob.ExpectCancel(one);
        alice.AckFailure(invite, await alice.Expect("487"));
    });

    [Fact]
    public void Cancel_DeviceNeverSays487_CallerGetsOneAnyway() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        bob.Respond(await bob.Expect("INVITE"), 180);
        await alice.Expect("180");
        alice.Cancel(invite);
        await bob.Expect("CANCEL");
        alice.AckFailure(invite, await alice.Expect("487", TimeSpan.FromSeconds(40)));
    });

    [Fact]
    public void Cancel_OfNothing_Is481() => ServerWorld.Play(async s =>
    {
        ScriptedUa alice = s.Ua("alice", "192.0.2.10");
        alice.Cancel(alice.Request("INVITE", Bob));
        await alice.Expect("481");
    });

    [Fact]
    public void Cancel_AnswerCrossesIt_CallerGetsThe200() => ServerWorld.Play(async s =>
    {
        (ScriptedUa alice, ScriptedUa bob) = await s.AliceAndBob();

        RawMessage invite = alice.Send(alice.Request("INVITE", Bob, body: ServerWorld.OfferV4));
        RawMessage atBob = await bob.Expect("INVITE");
        bob.Respond(atBob, 180);
        await alice.Expect("180");
        alice.Cancel(invite);
        bob.Respond(atBob, 200, body: ServerWorld.OfferV4);
        await alice.Expect("200 OK");
        Assert.Contains("INVITE", (await alice.Expect("200"))["CSeq"], StringComparison.Ordinal);
    });
}
