// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Server.Storing;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Who is not believed to be who he says fills no more than a part of a user's box and of the store, and what was accepted of him is delivered.</summary>
public sealed class StrangersTests
{
    private const string AtMallory = "192.0.2.66";

    private static readonly MessageOptions EightPerUser = new() { MaxPerUser = 8 };

    [Fact]
    public void Messages_OfStrangersWithManyNames_LeaveRoomForBelievedSenders() => MessageScene.Play(
        async scene =>
        {
            await scene.World.Register(scene.Alice);
            ScriptedUa[] names = [.. ((string[])["one", "two", "three", "alice"]).Select(name => scene.World.Ua(name, AtMallory))]; // Alice registered from somewhere else
            await Send(names[0], "202");
            await Send(names[1], "202");
            await Send(names[2], "480 Too Many Messages From Strangers");
            await Send(names[3], "480 Too Many Messages From Strangers");
            await scene.Keep("1", "2", "3", "4", "5", "6");
            scene.Write("7");
            await scene.Alice.Expect("480 Too Many Messages Waiting");

            ScriptedUa bob = await scene.Bob();
            for (int i = 0; i < 8; i++)
            {
                bob.Respond(await bob.Expect("MESSAGE"), 200);
            }

            await scene.IsEmpty();
            await scene.World.Register(bob, expires: 0);
            await Send(names[3], "202"); // there is room again
        },
        EightPerUser);

    [Fact]
    public void Messages_OfBelievedSenders_MayTakeTheRoomOfStrangersToo() => MessageScene.Play(
        async scene =>
        {
            await scene.World.Register(scene.Alice);
            await scene.Keep("1", "2", "3", "4", "5", "6", "7", "8");
            await Send(scene.World.Ua("one", AtMallory), "480 Too Many Messages Waiting");
        },
        EightPerUser);

    [Fact]
    public void Messages_OfStrangersToManyUsers_LeaveRoomInTheStore() => MessageScene.Play(
        async scene =>
        {
            await scene.WasThere("carol");
            await scene.World.Register(scene.Alice);
            ScriptedUa mallory = scene.World.Ua("one", AtMallory);
            await Send(mallory, "202");
            await Send(mallory, "202", "sip:carol@example.com");
            RawMessage full = await Send(mallory, "500 Message Store Full For Strangers");
            Assert.Equal("300", full["Retry-After"]);
            await scene.Keep("1", "2", "3", "4", "5", "6");
            scene.Write("7");
            await scene.Alice.Expect("500 Message Store Full");
        },
        new MessageOptions { MaxMessages = 8 });

    [Theory]
    [InlineData("192.0.2.70", "sip:peer@example.org", true)]
    [InlineData("192.0.2.71", "sip:peer@example.org", false)]
    [InlineData("192.0.2.70", "tel:+15550100", true)]
    [InlineData("192.0.2.71", "tel:+15550100", false)]
    public void Messages_ByATrustedPeer_AreNoStrangers(string address, string from, bool isBelieved) => MessageScene.Play(
        async scene =>
        {
            ScriptedUa peer = scene.World.Ua("peer", address);
            for (int i = 0; i < 3; i++)
            {
                peer.Send(peer.Request("MESSAGE", MessageScene.ToBob, body: $"{i}").ToString().Replace("From: <sip:peer@example.com>", $"From: <{from}>", StringComparison.Ordinal));
                await peer.Expect(i < 2 || isBelieved ? "202" : "480 Too Many Messages From Strangers");
            }
        },
        new ServerOptions { Messages = EightPerUser, Peers = [new() { Domain = "example.org", Targets = [PeerTarget.Parse("192.0.2.70")!], IsTrusted = true }] });

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(100, false, 8)]
    [InlineData(25, true, 8)]
    public void Messages_OfStrangers_AreAsManyAsIsConfigured(int percent, bool believesEverybody, int kept) => MessageScene.Play(
        async scene =>
        {
            await scene.Keep([.. Enumerable.Range(0, kept).Select(number => $"{number}")]);
            scene.Write("more");
            await scene.Alice.Expect(kept == 0 ? "480 Too Many Messages From Strangers" : "480 Too Many Messages Waiting");
        },
        new ServerOptions { Messages = EightPerUser with { MaxPercentOfStrangers = percent }, Presence = new() { BelievesEverybody = believesEverybody } });

    [Fact]
    public void Table_AfterARestart_KnowsWhoWasNotBelieved()
    {
        var keys = new MessageKeys(new byte[32]);
        using var store = new StoreConnection(null);
        foreach (int id in (int[])[1, 2])
        {
            MessageTable.Add(
                store,
                new StoredMessage
                {
                    Id = id,
                    Key = 0,
                    Aor = "sip:bob@example.com",
                    Sender = "sip:one@example.com",
                    IsOfStranger = id == 1,
                    CallId = $"{id}",
                    CSeq = 1,
                    FromTag = "t",
                    Received = 0,
                    Expires = 9,
                    Type = "",
                    Size = 1,
                },
                [1]);
        }

        StoredMessage[] read = [.. MessageTable.All(store, keys).Select(entry => entry.Message)];
        Assert.Equal([true, false], read.Select(message => message.IsOfStranger));
        Assert.Equal(keys.Of("sip:bob@example.com", "1", 1, "t"), read[0].Key);
    }

    [Theory]
    [InlineData(1, 25, 1)]
    [InlineData(200, 25, 50)]
    [InlineData(200, 0, 0)]
    [InlineData(200, 100, 200)]
    public void Part_OfAnOccupancy_IsRoundedUp(int most, int percent, int part) => Assert.Equal(new Occupancy(part, part), new Occupancy(most, most).Part(percent));

    private static async Task<RawMessage> Send(ScriptedUa sender, string answer, string to = MessageScene.ToBob)
    {
        sender.Send(sender.Request("MESSAGE", to, body: "x"));
        return await sender.Expect(answer);
    }
}
