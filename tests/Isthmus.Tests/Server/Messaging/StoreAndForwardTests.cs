// SPDX-License-Identifier: Apache-2.0
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Messages for users who are not there, through a whole server in simulated time.</summary>
public sealed class StoreAndForwardTests
{
    private const string Alice = "192.0.2.10";
    private const string Bob = "2001:db8::20";
    private const string ToBob = "sip:bob@example.com";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(Bob, false)]
    [InlineData(Bob, true)]
    [InlineData("192.0.2.20", false)]
    [InlineData("192.0.2.20", true)]
    public void Message_ForSomebodyWhoIsNotThere_IsDeliveredWhenHeRegisters(string address, bool tcp) => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        RawMessage sent = alice.Send(alice.Request("MESSAGE", ToBob, "Content-Type: text/plain", "Greetings\r\n\0\u0001"));
        RawMessage accepted = await alice.Expect("202");
        Assert.Null(accepted["Contact"]); // RFC 3428 §7
        Assert.Contains(";tag=", accepted["To"], StringComparison.Ordinal);

        await world.World.Delay(Minute);
        ScriptedUa bob = world.Ua("bob", address, tcp);
        await world.Register(bob);
        RawMessage message = await bob.Expect("MESSAGE");
        Assert.Equal("Greetings\r\n\0\u0001", message.Body);
        Assert.Equal("text/plain", message["Content-Type"]);
        Assert.Equal(sent["From"], message["From"]);
        Assert.Equal(sent["To"], message["To"]);
        Assert.Equal(sent["Call-ID"], message["Call-ID"]);
        Assert.Equal(sent["CSeq"], message["CSeq"]);
        Assert.Equal("Tue, 01 Jan 2030 00:00:00 GMT", message["Date"]);
        Assert.Single(message.Lines("Via"));
        Assert.Equal(1, world.Mailroom.Count);
        bob.Respond(message, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        Assert.Empty(await bob.Listen(5 * Minute));
        Assert.Equal(1, world.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Message_ForSomebodyWhoNeverWas_Is404() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        alice.Send(alice.Request("MESSAGE", "sip:nobody@example.com", body: "x"));
        await alice.Expect("404");
        Assert.Equal(0, world.Mailroom.Count);
    });

    [Fact]
    public void Messages_OfOneSender_AreDeliveredInTheirOrderOneAfterTheOther() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        for (int i = 0; i < 20; i++)
        {
            alice.Send(alice.Request("MESSAGE", ToBob, body: $"{i}"));
            await alice.Expect("202");
        }

        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        for (int i = 0; i < 20; i++)
        {
            RawMessage message = await bob.Expect("MESSAGE");
            Assert.Equal($"{i}", message.Body);
            Assert.Empty(await bob.Listen(TimeSpan.FromMilliseconds(300)));
            bob.Respond(message, 200);
        }

        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    [Fact]
    public void Message_WhileEarlierOnesWait_DoesNotOvertakeThem() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa carol = world.Ua("carol", "192.0.2.30");
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "first"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        RawMessage first = await bob.Expect("MESSAGE");

        alice.Send(alice.Request("MESSAGE", ToBob, body: "second"));
        await alice.Expect("202");
        carol.Send(carol.Request("MESSAGE", ToBob, body: "of somebody else"));
        RawMessage other = await bob.Expect("MESSAGE");
        Assert.Equal("of somebody else", other.Body);
        bob.Respond(other, 200);
        await carol.Expect("200");

        bob.Respond(first, 200);
        RawMessage second = await bob.Expect("MESSAGE");
        Assert.Equal("second", second.Body);
        bob.Respond(second, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);

        alice.Send(alice.Request("MESSAGE", ToBob, body: "third"));
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        await alice.Expect("200");
    });

    [Fact]
    public void Message_ToASilentDevice_IsKeptBeforeItsSenderGivesUp() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        RawMessage live = await bob.Expect("MESSAGE");
        await alice.Expect("202", TimeSpan.FromSeconds(9));

        // As long as the forwarded one may be answered there is no other; then there is one, in the same transaction, and longer and longer pauses.
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(20)));
        RawMessage again = await bob.Expect("MESSAGE", TimeSpan.FromSeconds(10));
        Assert.Equal(live["Via"], again["Via"]);
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(80)));
        await world.Register(bob);
        await world.World.Until(() => world.Mailroom.Boxes.All is [{ Message.Attempts: 2 }], Minute);
        bob.Respond(again, 200); // the same transaction: the device takes the second for a repetition
        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    [Fact]
    public void Message_ToASlowDevice_IsNotDeliveredTwice() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        RawMessage live = await bob.Expect("MESSAGE");
        await alice.Expect("202", TimeSpan.FromSeconds(9));
        Assert.Equal(1, world.Mailroom.Count);
        bob.Respond(live, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        await world.Register(bob);
        Assert.Empty(await bob.Listen(5 * Minute));
        Assert.All(alice.Unread, message => Assert.Equal(100, message.Status)); // RFC 4320 §4.1
    });

    [Theory]
    [InlineData(480, 202)]
    [InlineData(503, 202)]
    [InlineData(430, 202)]
    [InlineData(415, 415)]
    [InlineData(488, 488)]
    [InlineData(603, 603)]
    public void Message_ThatTheOnlyDeviceAnswersSo_IsKeptOrRefused(int said, int heard) => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        bob.Respond(await bob.Expect("MESSAGE"), said);
        await alice.Expect($"{heard}");
        Assert.Equal(heard == 202 ? 1 : 0, world.Mailroom.Count);
    });

    [Fact]
    public void Message_ThatOneOfTwoDevicesTakes_IsNotKept() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa desk = world.Ua("bob", Bob);
        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(desk, mobile);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await desk.Expect("MESSAGE");
        mobile.Respond(await mobile.Expect("MESSAGE"), 200);
        await alice.Expect("200");
        await world.World.Delay(Minute);
        Assert.Equal(0, world.Mailroom.Counters.Kept);
    });

    [Fact]
    public void Message_ThatOneDeviceRefusesAndASlowOneTakes_IsDelivered() => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa desk = world.Ua("bob", Bob);
        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(desk, mobile);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        desk.Respond(await desk.Expect("MESSAGE"), 415);
        RawMessage slow = await mobile.Expect("MESSAGE");
        await world.World.Delay(TimeSpan.FromSeconds(20));
        Assert.All(alice.Unread, message => Assert.Equal(100, message.Status));
        mobile.Respond(slow, 200);
        await alice.Expect("200");
        await world.World.Delay(Minute);
        Assert.Equal(0, world.Mailroom.Counters.Kept);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(488)]
    public void Message_ThatOneDeviceRefusesAndTheOtherDoesNotTake_IsRefusedInTheEnd(int said) => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa desk = world.Ua("bob", Bob);
        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(desk, mobile);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        desk.Respond(await desk.Expect("MESSAGE"), 415);
        RawMessage slow = await mobile.Expect("MESSAGE");
        await world.World.Delay(TimeSpan.FromSeconds(20));
        if (said != 0)
        {
            mobile.Respond(slow, said);
            await alice.Expect("4", TimeSpan.FromSeconds(1));
        }
        else
        {
            await alice.Expect("415", TimeSpan.FromSeconds(13));
        }

        Assert.Equal(0, world.Mailroom.Counters.Kept);
    });

    [Theory]
    [InlineData("Expires: 0")]
    [InlineData("Content-Type: application/im-iscomposing+xml")]
    public void Message_OfNoInterestLaterToASlowDevice_IsAnsweredByIt(string headers) => ServerWorld.Play(async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        alice.Send(alice.Request("MESSAGE", ToBob, headers, "x"));
        RawMessage slow = await bob.Expect("MESSAGE");
        await world.World.Delay(TimeSpan.FromSeconds(20));
        bob.Respond(slow, 200);
        await alice.Expect("200");
    });

    private static async Task WasThere(ServerWorld world, string user)
    {
        ScriptedUa ua = world.Ua(user, "192.0.2.99");
        await world.Register(ua);
        await world.Register(ua, expires: 0);
    }
}
