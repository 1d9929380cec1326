// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Messages for users who are not there, through a whole server in simulated time.</summary>
public sealed class StoreAndForwardTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(MessageScene.AtDesk, false)]
    [InlineData(MessageScene.AtDesk, true)]
    [InlineData("192.0.2.20", false)]
    [InlineData("192.0.2.20", true)]
    public void Message_ForSomebodyWhoIsNotThere_IsDeliveredWhenHeRegisters(string address, bool tcp) => MessageScene.Play(async scene =>
    {
        RawMessage sent = scene.Write("Greetings\r\n\0\u0001", "Content-Type: text/plain");
        RawMessage accepted = await scene.Alice.Expect("202");
        Assert.Null(accepted["Contact"]); // RFC 3428 §7
        Assert.Contains(";tag=", accepted["To"], StringComparison.Ordinal);

        await scene.Delay(Minute);
        ScriptedUa bob = await scene.Bob(address, tcp);
        RawMessage message = await bob.Expect("MESSAGE");
        Assert.Equal("Greetings\r\n\0\u0001", message.Body);
        Assert.Equal("text/plain", message["Content-Type"]);
        Assert.Equal(sent["From"], message["From"]);
        Assert.Equal(sent["To"], message["To"]);
        Assert.Equal(sent["Call-ID"], message["Call-ID"]);
        Assert.Equal(sent["CSeq"], message["CSeq"]);
        Assert.Equal("Tue, 01 Jan 2030 00:00:00 GMT", message["Date"]);
        Assert.Single(message.Lines("Via"));
        Assert.Equal(1, scene.Mailroom.Count);
        bob.Respond(message, 200);
        await scene.IsEmpty();
        Assert.Empty(await bob.Listen(5 * Minute));
        Assert.Equal(1, scene.Mailroom.Counters.Delivered);
    });

    [Fact]
    public void Message_ForSomebodyWhoNeverWas_Is404() => MessageScene.Play(async scene =>
    {
        scene.Alice.Send(scene.Alice.Request("MESSAGE", "sip:nobody@example.com", body: "x"));
        await scene.Alice.Expect("404");
        Assert.Equal(0, scene.Mailroom.Count);
    });

    [Fact]
    public void Messages_OfOneSender_AreDeliveredInTheirOrderOneAfterTheOther() => MessageScene.Play(async scene =>
    {
        string[] bodies = [.. Enumerable.Range(0, 20).Select(number => $"{number}")];
        await scene.Keep(bodies);
        ScriptedUa bob = await scene.Bob();
        foreach (string body in bodies)
        {
            RawMessage message = await bob.Expect("MESSAGE");
            Assert.Equal(body, message.Body);
            Assert.Empty(await bob.Listen(TimeSpan.FromMilliseconds(300)));
            bob.Respond(message, 200);
        }

        await scene.IsEmpty();
    });

    [Fact]
    public void Message_WhileEarlierOnesWait_DoesNotOvertakeThem() => MessageScene.Play(async scene =>
    {
        ScriptedUa carol = scene.World.Ua("carol", "192.0.2.30");
        await scene.Keep("first");
        ScriptedUa bob = await scene.Bob();
        RawMessage first = await bob.Expect("MESSAGE");

        await scene.Keep("second");
        carol.Send(carol.Request("MESSAGE", MessageScene.ToBob, body: "of somebody else"));
        await scene.Take(bob, "of somebody else");
        await carol.Expect("200");

        bob.Respond(first, 200);
        await scene.Take(bob, "second");
        await scene.IsEmpty();

        scene.Write("third");
        await scene.Take(bob, "third");
        await scene.Alice.Expect("200");
    });

    [Fact]
    public void Message_ToASilentDevice_IsKeptBeforeItsSenderGivesUp() => MessageScene.Play(async scene =>
    {
        ScriptedUa bob = await scene.Bob();
        scene.Write("x");
        RawMessage live = await bob.Expect("MESSAGE");
        await scene.Alice.Expect("202", TimeSpan.FromSeconds(9));

        // As long as the forwarded one may be answered there is no other; then there is one, in the same transaction, and longer and longer pauses.
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(20)));
        RawMessage again = await bob.Expect("MESSAGE", TimeSpan.FromSeconds(10));
        Assert.Equal(live["Via"], again["Via"]);
        Assert.Empty(await bob.Listen(TimeSpan.FromSeconds(80)));
        await scene.World.Register(bob);
        await scene.World.World.Until(() => scene.Mailroom.Boxes.All is [{ Message.Attempts: 2 }], Minute);
        bob.Respond(again, 200); // the same transaction: the device takes the second for a repetition
        await scene.IsEmpty();
    });

    [Fact]
    public void Message_ToASlowDevice_IsNotDeliveredTwice() => MessageScene.Play(async scene =>
    {
        ScriptedUa bob = await scene.Bob();
        scene.Write("x");
        RawMessage live = await bob.Expect("MESSAGE");
        await scene.Alice.Expect("202", TimeSpan.FromSeconds(9));
        Assert.Equal(1, scene.Mailroom.Count);
        bob.Respond(live, 200);
        await scene.IsEmpty();
        await scene.World.Register(bob);
        Assert.Empty(await bob.Listen(5 * Minute));
        Assert.All(scene.Alice.Unread, message => Assert.Equal(100, message.Status)); // RFC 4320 §4.1
    });

    [Theory]
    [InlineData(480, 202)]
    [InlineData(503, 202)]
    [InlineData(430, 202)]
    [InlineData(415, 415)]
    [InlineData(488, 488)]
    [InlineData(603, 603)]
    public void Message_ThatTheOnlyDeviceAnswersSo_IsKeptOrRefused(int said, int heard) => MessageScene.Play(async scene =>
    {
        ScriptedUa bob = await scene.Bob();
        scene.Write("x");
        bob.Respond(await bob.Expect("MESSAGE"), said);
        await scene.Alice.Expect($"{heard}");
        Assert.Equal(heard == 202 ? 1 : 0, scene.Mailroom.Count);
    });

    [Fact]
    public void Message_ThatOneOfTwoDevicesTakes_IsNotKept() => MessageScene.Play(async scene =>
    {
        ScriptedUa desk = await scene.Bob();
        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        scene.Write("x");
        await desk.Expect("MESSAGE");
        mobile.Respond(await mobile.Expect("MESSAGE"), 200);
        await scene.Alice.Expect("200");
        await scene.Delay(Minute);
        Assert.Equal(0, scene.Mailroom.Counters.Kept);
    });

    [Fact]
    public void Message_ThatOneDeviceRefusesAndASlowOneTakes_IsDelivered() => MessageScene.Play(async scene =>
    {
        ScriptedUa desk = await scene.Bob();
        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        scene.Write("x");
        desk.Respond(await desk.Expect("MESSAGE"), 415);
        RawMessage slow = await mobile.Expect("MESSAGE");
        await scene.Delay(TimeSpan.FromSeconds(20));
        Assert.All(scene.Alice.Unread, message => Assert.Equal(100, message.Status));
        mobile.Respond(slow, 200);
        await scene.Alice.Expect("200");
        await scene.Delay(Minute);
        Assert.Equal(0, scene.Mailroom.Counters.Kept);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(488)]
    public void Message_ThatOneDeviceRefusesAndTheOtherDoesNotTake_IsRefusedInTheEnd(int said) => MessageScene.Play(async scene =>
    {
        ScriptedUa desk = await scene.Bob();
        ScriptedUa mobile = await scene.Bob(MessageScene.AtMobile);
        scene.Write("x");
        desk.Respond(await desk.Expect("MESSAGE"), 415);
        RawMessage slow = await mobile.Expect("MESSAGE");
        await scene.Delay(TimeSpan.FromSeconds(20));
        if (said != 0)
        {
            mobile.Respond(slow, said);
            await scene.Alice.Expect("4", TimeSpan.FromSeconds(1));
        }
        else
        {
            await scene.Alice.Expect("415", TimeSpan.FromSeconds(13));
        }

        Assert.Equal(0, scene.Mailroom.Counters.Kept);
    });

    [Theory]
    [InlineData("Expires: 0")]
    [InlineData("Content-Type: application/im-iscomposing+xml")]
    public void Message_OfNoInterestLaterToASlowDevice_IsAnsweredByIt(string headers) => MessageScene.Play(async scene =>
    {
        ScriptedUa bob = await scene.Bob();
        scene.Write("x", headers);
        RawMessage slow = await bob.Expect("MESSAGE");
        await scene.Delay(TimeSpan.FromSeconds(20));
        bob.Respond(slow, 200);
        await scene.Alice.Expect("200");
    });

    [Fact]
    public void Registration_OfSomebodyElseThatLivesOn_MakesNothingWhileOneWaits() => MessageScene.Play(async scene =>
    {
        await scene.Keep("x");
        await scene.World.Register(scene.Alice);
        Binding binding = Assert.Single(scene.World.Location.BindingsOf("sip:alice@example.com"));
        ILocationObserver observer = scene.Mailroom;
        observer.Renewed(binding);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            observer.Renewed(binding);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });
}
