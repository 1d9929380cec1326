// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Where keeping messages has its ends: bounds, times, refusals, repetitions.</summary>
public sealed class MessageEdgeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("max-per-user", "480 Too Many Messages Waiting")]
    [InlineData("max-bytes-per-user", "480 Too Many Messages Waiting")]
    [InlineData("max-messages", "500 Message Store Full")]
    [InlineData("max-bytes", "500 Message Store Full")]
    public void Message_BeyondABound_IsAnsweredSoAndThereIsRoomAgainWhenOneGoes(string bound, string answer) => MessageScene.Play(
        async scene =>
        {
            await scene.WasThere("carol");
            await scene.World.Register(scene.Alice);
            await scene.Keep("x");
            scene.Write("y");
            RawMessage full = await scene.Alice.Expect(answer);
            Assert.Equal(answer[0] == '5' ? "300" : null, full["Retry-After"]);
            scene.Alice.Send(scene.Alice.Request("MESSAGE", "sip:carol@example.com", body: "z"));
            await scene.Alice.Expect(bound.EndsWith("user", StringComparison.Ordinal) ? "202" : "500");

            ScriptedUa bob = await scene.Bob();
            await scene.Take(bob, "x");
            await scene.World.Register(bob, expires: 0);
            await scene.Keep("again");
        },
        bound switch
        {
            "max-per-user" => new MessageOptions { MaxPerUser = 1 },
            "max-bytes-per-user" => new MessageOptions { MaxBytesPerUser = 700 },
            "max-messages" => new MessageOptions { MaxMessages = 1 },
            _ => new MessageOptions { MaxBytes = 700 },
        });

    [Theory]
    [InlineData("", 240)]
    [InlineData("Expires: 60", 60)]
    [InlineData("Expires: 6000", 240)]
    [InlineData("Expires: 100\nDate: Mon, 31 Dec 2029 23:59:30 GMT", 70)]
    public void Message_WhoseTimeIsOver_IsGivenUp(string headers, int seconds) => MessageScene.Play(
        async scene =>
        {
            scene.Write("x", headers);
            await scene.Alice.Expect("202");
            await scene.Delay(TimeSpan.FromSeconds(seconds - 2));
            Assert.Equal(1, scene.Mailroom.Count);
            await scene.Delay(TimeSpan.FromSeconds(3));
            Assert.Equal((0, 1L), (scene.Mailroom.Count, scene.Mailroom.Counters.Expired));
            ScriptedUa bob = await scene.Bob();
            Assert.Empty(await bob.Listen(Minute));
        },
        new MessageOptions { Expires = TimeSpan.FromMinutes(4) });

    [Theory]
    [InlineData("Expires: 0")]
    [InlineData("Content-Type: application/im-iscomposing+xml")]
    public void Message_OfNoInterestLater_IsNotKept(string headers) => MessageScene.Play(async scene =>
    {
        scene.Write("x", headers);
        await scene.Alice.Expect("480");
    });

    [Fact]
    public void Message_WhereNoneAreKept_Is480() => MessageScene.Play(
        async scene =>
        {
            scene.Write("x");
            await scene.Alice.Expect("480");
        },
        new MessageOptions { Store = false });

    [Theory]
    [InlineData(415)]
    [InlineData(488)]
    [InlineData(513)]
    [InlineData(603)]
    public void Delivery_ThatEveryDeviceRefuses_WaitsForAnotherOneAndTheNextOneGoes(int status) => MessageScene.Play(async scene =>
    {
        await scene.Keep("first", "second");
        ScriptedUa bob = await scene.Bob();
        bob.Respond(await bob.Expect("MESSAGE"), status);
        await scene.Take(bob, "second");
        await scene.World.World.Until(() => scene.Mailroom.Count == 1);
        scene.Write("third"); // nothing is before it
        await scene.Take(bob, "third");
        await scene.Alice.Expect("200");
        await scene.World.Register(bob);
        Assert.Empty(await bob.Listen(10 * Minute));

        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        await scene.Take(mobile, "first");
        await scene.IsEmpty();
        Assert.Equal(2, scene.Mailroom.Counters.Delivered);
        Assert.Empty(await bob.Listen(Minute));
    });

    [Theory]
    [InlineData(405)]
    [InlineData(501)]
    [InlineData(302)]
    [InlineData(407)]
    public void Delivery_ThatADeviceDoesNotUnderstand_IsNotLostAndAnotherDeviceHasItAtOnce(int status) => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        ScriptedUa desk = await scene.Bob();
        desk.Respond(await desk.Expect("MESSAGE"), status);
        await scene.Delay(TimeSpan.FromSeconds(10));
        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        await scene.Take(mobile, "x", TimeSpan.FromSeconds(1));
        await scene.IsEmpty();
        Assert.Equal(1, scene.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Delivery_ThatMakesADeviceRegisterAnew_IsNotOfferedToItEachTime() => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        ScriptedUa bob = await scene.Bob();
        bob.Respond(await bob.Expect("MESSAGE"), 500);
        for (int i = 0; i < 5; i++)
        {
            await scene.World.Register(bob, expires: 0);
            await scene.World.Register(bob);
            Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(1)));
        }

        await scene.Take(bob, "x", Minute);
        await scene.IsEmpty();
        Assert.Equal(1, scene.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Delivery_AfterAnAnsweredAbsence_IsAnotherTransaction() => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        ScriptedUa bob = await scene.Bob();
        RawMessage refused = await bob.Expect("MESSAGE");
        bob.Respond(refused, 480);
        await scene.Delay(TimeSpan.FromSeconds(3));
        await scene.World.Register(bob, expires: 0);
        await scene.World.Register(bob);
        RawMessage again = await bob.Expect("MESSAGE", TimeSpan.FromSeconds(1));
        Assert.NotEqual(refused.Parameter("Via", "branch"), again.Parameter("Via", "branch"));
        bob.Respond(again, 200);
        await scene.IsEmpty();
    });

    [Fact]
    public void Delivery_OfTheNextMessage_IsOfferedToADeviceThatAnsweredThatItWasBusy() => MessageScene.Play(async scene =>
    {
        await scene.Keep("first", "second", "third");
        ScriptedUa desk = await scene.Bob();
        RawMessage first = await desk.Expect("MESSAGE");
        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        desk.Respond(first, 200);
        mobile.Respond(await mobile.Expect("MESSAGE"), 486);
        await scene.Take(desk, "second");
        Assert.Equal("third", (await mobile.Expect("MESSAGE")).Body);
    });

    [Fact]
    public void Delivery_ThatTheDeviceCannotDealWith_IsTriedWithLongerPausesAndThenWaitsForAnotherOne() => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        ScriptedUa bob = await scene.Bob();
        var branches = new HashSet<string>();
        var times = new List<DateTimeOffset>();
        for (int i = 0; i < 5; i++)
        {
            RawMessage attempt = await bob.Expect("MESSAGE", TimeSpan.FromHours(1));
            times.Add(scene.World.World.Time.GetUtcNow());
            Assert.True(branches.Add(attempt.Parameter("Via", "branch")!)); // else the device would take it for a repetition, and say the same again
            bob.Respond(attempt, 500);
        }

        Assert.Equal([60, 120, 240, 480], times.Zip(times.Skip(1), (one, next) => Math.Round((next - one).TotalSeconds)));
        Assert.Empty(await bob.Listen(Minute * 30));
        ScriptedUa other = await scene.Bob("192.0.2.77");
        await scene.Take(other, "x");
        await scene.IsEmpty();
    });

    [Fact]
    public void Delivery_ThatMeetsSilence_IsTriedWithLongerPausesByTheSameTransaction() => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        ScriptedUa bob = await scene.Bob();
        RawMessage first = await bob.Expect("MESSAGE");
        await scene.World.World.Until(() => scene.Mailroom.Boxes.All is [{ Message.Attempts: 4 }], TimeSpan.FromMinutes(12)); // 32+60, 32+120, 32+240
        Assert.Equal(756, Math.Round((scene.World.World.Time.GetUtcNow() - new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds), tolerance: 320.0);
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(1))); // to the letter the same
        bob.Respond(first, 200);
        await scene.IsEmpty();
    });

    [Fact]
    public void Delivery_WhileOneDeviceIsSilent_DoesNotWaitForItTwice() => MessageScene.Play(async scene =>
    {
        await scene.Keep("1", "2", "3");
        ScriptedUa dead = await scene.Bob("192.0.2.66");
        ScriptedUa bob = await scene.Bob();
        await scene.Take(bob, "1");
        await scene.Take(bob, "2", TimeSpan.FromSeconds(10));
        await scene.Take(bob, "3", TimeSpan.FromSeconds(1));
        await scene.IsEmpty();
        Assert.Single(dead.Heard, message => message.Method == "MESSAGE");
    });

    [Fact]
    public void Message_ThatComesAgainByAnotherTransaction_IsKeptOnceAndNotForwardedWhenItIsOver() => MessageScene.Play(async scene =>
    {
        RawMessage Same(string branch) => scene.Alice.Request("MESSAGE", MessageScene.ToBob, body: "x", callId: "same", cseq: 7, branch: branch);
        scene.Alice.Send(Same("z9hG4bK1"));
        await scene.Alice.Expect("202");
        scene.Alice.Send(Same("z9hG4bK2"));
        await scene.Alice.Expect("202");
        Assert.Equal(1, scene.Mailroom.Count);

        ScriptedUa bob = await scene.Bob();
        await scene.Take(bob, "x");
        await scene.IsEmpty();
        scene.Alice.Send(Same("z9hG4bK3"));
        await scene.Alice.Expect("202");
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(5)));

        await scene.Delay(RememberedMessages.Time); // by then it is another one
        scene.Alice.Send(Same("z9hG4bK4"));
        await scene.Take(bob, "x");
        await scene.Alice.Expect("200");
    });

    [Fact]
    public void Registration_AfterAnAnsweredAbsence_BringsTheMessageAtOnce() => MessageScene.Play(async scene =>
    {
        ScriptedUa bob = await scene.Bob();
        scene.Write("x");
        bob.Respond(await bob.Expect("MESSAGE"), 480);
        await scene.Alice.Expect("202");
        await scene.Delay(TimeSpan.FromSeconds(20));
        ScriptedUa other = await scene.Bob("192.0.2.77");
        await scene.Take(other, "x", TimeSpan.FromSeconds(1));
        await scene.IsEmpty();
    });
}
