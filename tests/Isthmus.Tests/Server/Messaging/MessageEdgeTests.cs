// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Where keeping messages has its ends: bounds, times, refusals, repetitions.</summary>
public sealed class MessageEdgeTests
{
    private const string Alice = "192.0.2.10";
    private const string Bob = "2001:db8::20";
    private const string ToBob = "sip:bob@example.com";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("max-per-user", "480 Too Many Messages Waiting")]
    [InlineData("max-bytes-per-user", "480 Too Many Messages Waiting")]
    [InlineData("max-messages", "500 Message Store Full")]
    [InlineData("max-bytes", "500 Message Store Full")]
    public void Message_BeyondABound_IsAnsweredSoAndThereIsRoomAgainWhenOneGoes(string bound, string answer) => Play(
        bound switch
        {
            "max-per-user" => new MessageOptions { MaxPerUser = 1 },
            "max-bytes-per-user" => new MessageOptions { MaxBytesPerUser = 700 },
            "max-messages" => new MessageOptions { MaxMessages = 1 },
            _ => new MessageOptions { MaxBytes = 700 },
        },
        async world =>
        {
            ScriptedUa alice = world.Ua("alice", Alice);
            await WasThere(world, "bob", "carol");
            alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
            await alice.Expect("202");
            alice.Send(alice.Request("MESSAGE", ToBob, body: "y"));
            RawMessage full = await alice.Expect(answer);
            Assert.Equal(answer[0] == '5' ? "300" : null, full["Retry-After"]);
            alice.Send(alice.Request("MESSAGE", "sip:carol@example.com", body: "z"));
            await alice.Expect(bound.EndsWith("user", StringComparison.Ordinal) ? "202" : "500");

            ScriptedUa bob = world.Ua("bob", Bob);
            await world.Register(bob);
            bob.Respond(await bob.Expect("MESSAGE"), 200);
            await world.Register(bob, expires: 0);
            alice.Send(alice.Request("MESSAGE", ToBob, body: "again"));
            await alice.Expect("202");
        });

    [Theory]
    [InlineData("", 240)]
    [InlineData("Expires: 60", 60)]
    [InlineData("Expires: 6000", 240)]
    [InlineData("Expires: 100\nDate: Mon, 31 Dec 2029 23:59:30 GMT", 70)]
    public void Message_WhoseTimeIsOver_IsGivenUp(string headers, int seconds) => Play(new MessageOptions { Expires = TimeSpan.FromMinutes(4) }, async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, headers, "x"));
        await alice.Expect("202");
        await world.World.Delay(TimeSpan.FromSeconds(seconds - 2));
        Assert.Equal(1, world.Mailroom.Count);
        await world.World.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal((0, 1L), (world.Mailroom.Count, world.Mailroom.Counters.Expired));
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        Assert.Empty(await bob.Listen(Minute));
    });

    [Theory]
    [InlineData("Expires: 0")]
    [InlineData("Content-Type: application/im-iscomposing+xml")]
    public void Message_OfNoInterestLater_IsNotKept(string headers) => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, headers, "x"));
        await alice.Expect("480");
    });

    [Fact]
    public void Message_WhereNoneAreKept_Is480() => Play(new MessageOptions { Store = false }, async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, "", "x"));
        await alice.Expect("480");
    });

    [Theory]
    [InlineData(415)]
    [InlineData(488)]
    [InlineData(513)]
    [InlineData(603)]
    public void Delivery_ThatEveryDeviceRefuses_WaitsForAnotherOneAndTheNextOneGoes(int status) => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "first"));
        await alice.Expect("202");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "second"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        bob.Respond(await bob.Expect("MESSAGE"), status);
        RawMessage second = await bob.Expect("MESSAGE");
        Assert.Equal("second", second.Body);
        bob.Respond(second, 200);
        await world.World.Until(() => world.Mailroom.Count == 1);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "third")); // nothing is before it
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        await alice.Expect("200");
        await world.Register(bob);
        Assert.Empty(await bob.Listen(10 * Minute));

        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(mobile);
        RawMessage first = await mobile.Expect("MESSAGE");
        Assert.Equal("first", first.Body);
        mobile.Respond(first, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        Assert.Equal(2, world.Mailroom.Counters.Delivered);
        Assert.Empty(await bob.Listen(Minute));
    });

    [Theory]
    [InlineData(405)]
    [InlineData(501)]
    [InlineData(302)]
    [InlineData(407)]
    public void Delivery_ThatADeviceDoesNotUnderstand_IsNotLostAndAnotherDeviceHasItAtOnce(int status) => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await alice.Expect("202");
        ScriptedUa desk = world.Ua("bob", Bob);
        await world.Register(desk);
        desk.Respond(await desk.Expect("MESSAGE"), status);
        await world.World.Delay(TimeSpan.FromSeconds(10));
        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(mobile);
        mobile.Respond(await mobile.Expect("MESSAGE", TimeSpan.FromSeconds(1)), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        Assert.Equal(1, world.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Delivery_ThatMakesADeviceRegisterAnew_IsNotOfferedToItEachTime() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        bob.Respond(await bob.Expect("MESSAGE"), 500);
        for (int i = 0; i < 5; i++)
        {
            await world.Register(bob, expires: 0);
            await world.Register(bob);
            Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(1)));
        }

        bob.Respond(await bob.Expect("MESSAGE", Minute), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        Assert.Equal(1, world.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Delivery_AfterAnAnsweredAbsence_IsAnotherTransaction() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        RawMessage refused = await bob.Expect("MESSAGE");
        bob.Respond(refused, 480);
        await world.World.Delay(TimeSpan.FromSeconds(3));
        await world.Register(bob, expires: 0);
        await world.Register(bob);
        RawMessage again = await bob.Expect("MESSAGE", TimeSpan.FromSeconds(1));
        Assert.NotEqual(refused.Parameter("Via", "branch"), again.Parameter("Via", "branch"));
        bob.Respond(again, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    [Fact]
    public void Delivery_OfTheNextMessage_IsOfferedToADeviceThatAnsweredThatItWasBusy() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        foreach (string body in (string[])["first", "second", "third"])
        {
            alice.Send(alice.Request("MESSAGE", ToBob, body: body));
            await alice.Expect("202");
        }

        ScriptedUa desk = world.Ua("bob", Bob);
        ScriptedUa mobile = world.Ua("bob", "192.0.2.21");
        await world.Register(desk);
        RawMessage first = await desk.Expect("MESSAGE");
        await world.Register(mobile);
        desk.Respond(first, 200);
        mobile.Respond(await mobile.Expect("MESSAGE"), 486);
        desk.Respond(await desk.Expect("MESSAGE"), 200);
        Assert.Equal("third", (await mobile.Expect("MESSAGE")).Body);
    });

    [Fact]
    public void Delivery_ThatTheDeviceCannotDealWith_IsTriedWithLongerPausesAndThenWaitsForAnotherOne() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        var branches = new HashSet<string>();
        var times = new List<DateTimeOffset>();
        for (int i = 0; i < 5; i++)
        {
            RawMessage attempt = await bob.Expect("MESSAGE", TimeSpan.FromHours(1));
            times.Add(world.World.Time.GetUtcNow());
            Assert.True(branches.Add(attempt.Parameter("Via", "branch")!)); // else the device would take it for a repetition, and say the same again
            bob.Respond(attempt, 500);
        }

        Assert.Equal([60, 120, 240, 480], times.Zip(times.Skip(1), (one, next) => Math.Round((next - one).TotalSeconds)));
        Assert.Empty(await bob.Listen(Minute * 30));
        ScriptedUa other = world.Ua("bob", "192.0.2.77");
        await world.Register(other);
        other.Respond(await other.Expect("MESSAGE"), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    [Fact]
    public void Delivery_ThatMeetsSilence_IsTriedWithLongerPausesByTheSameTransaction() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        await alice.Expect("202");
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        RawMessage first = await bob.Expect("MESSAGE");
        await world.World.Until(() => world.Mailroom.Boxes.All is [{ Message.Attempts: 4 }], TimeSpan.FromMinutes(12)); // 32+60, 32+120, 32+240
        Assert.Equal(756, Math.Round((world.World.Time.GetUtcNow() - new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds), tolerance: 320.0);
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(1))); // to the letter the same
        bob.Respond(first, 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    [Fact]
    public void Delivery_WhileOneDeviceIsSilent_DoesNotWaitForItTwice() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa dead = world.Ua("bob", "192.0.2.66");
        await WasThere(world, "bob");
        for (int i = 0; i < 3; i++)
        {
            alice.Send(alice.Request("MESSAGE", ToBob, body: $"{i}"));
            await alice.Expect("202");
        }

        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(dead);
        await world.Register(bob);
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        bob.Respond(await bob.Expect("MESSAGE", TimeSpan.FromSeconds(10)), 200);
        bob.Respond(await bob.Expect("MESSAGE", TimeSpan.FromSeconds(1)), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        Assert.Single(dead.Heard, message => message.Method == "MESSAGE");
    });

    [Fact]
    public void Message_ThatComesAgainByAnotherTransaction_IsKeptOnceAndNotForwardedWhenItIsOver() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        await WasThere(world, "bob");
        RawMessage Same(string branch) => alice.Request("MESSAGE", ToBob, body: "x", callId: "same", cseq: 7, branch: branch);
        alice.Send(Same("z9hG4bK1"));
        await alice.Expect("202");
        alice.Send(Same("z9hG4bK2"));
        await alice.Expect("202");
        Assert.Equal(1, world.Mailroom.Count);

        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
        alice.Send(Same("z9hG4bK3"));
        await alice.Expect("202");
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(5)));

        await world.World.Delay(RememberedMessages.Time); // by then it is another one
        alice.Send(Same("z9hG4bK4"));
        bob.Respond(await bob.Expect("MESSAGE"), 200);
        await alice.Expect("200");
    });

    [Fact]
    public void Registration_AfterAnAnsweredAbsence_BringsTheMessageAtOnce() => Play(new(), async world =>
    {
        ScriptedUa alice = world.Ua("alice", Alice);
        ScriptedUa bob = world.Ua("bob", Bob);
        await world.Register(bob);
        alice.Send(alice.Request("MESSAGE", ToBob, body: "x"));
        bob.Respond(await bob.Expect("MESSAGE"), 480);
        await alice.Expect("202");
        await world.World.Delay(TimeSpan.FromSeconds(20));
        ScriptedUa other = world.Ua("bob", "192.0.2.77");
        await world.Register(other);
        other.Respond(await other.Expect("MESSAGE", TimeSpan.FromSeconds(1)), 200);
        await world.World.Until(() => world.Mailroom.Count == 0);
    });

    private static void Play(MessageOptions messages, Func<ServerWorld, Task> scenario) => ServerWorld.Play(
        scenario, new ServerOptions { Messages = messages }, TimeSpan.FromHours(2));

    private static async Task WasThere(ServerWorld world, params string[] users)
    {
        foreach (string user in users)
        {
            ScriptedUa ua = world.Ua(user, "192.0.2.99");
            await world.Register(ua);
            await world.Register(ua, expires: 0);
        }
    }
}
