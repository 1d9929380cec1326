// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Messaging;

/// <summary>Writing to somebody, and saying so (RFC 3994).</summary>
public sealed class ChatTests
{
    private const string Peer = "sip:peer@10.0.0.1";

    [Fact]
    public void Typing_SaysSoOnceAMinute_AndThatItHasStopped()
    {
        Play(async (scene, chat, peer) =>
        {
            await Say(chat, peer, "hello");
            chat.Typing();
            var first = await Hear(peer, isActive: true);
            Assert.Equal((75, "text/plain"), (first.RefreshSeconds, first.ComposedType));
            for (var second = 0; second < 61; second++)
            {
                await scene.Seconds(1);
                chat.Typing();
            }

            await Hear(peer, isActive: true);
            Assert.False(peer.HasMore);
            var stopped = scene.World.Time.GetUtcNow();
            await Hear(peer, isActive: false);
            Assert.InRange((scene.World.Time.GetUtcNow() - stopped).TotalSeconds, 13.9, 15.1); // 15 s after the last key
        });
    }

    [Fact]
    public void Send_AfterTyping_SaysNothingElse()
    {
        Play(async (scene, chat, peer) =>
        {
            await Say(chat, peer, "hello");
            chat.Typing();
            await Hear(peer, isActive: true);
            await Say(chat, peer, "how are you");
            await scene.Seconds(60);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void Send_NobodyWaitsForTheFirst_TheSecondDoes()
    {
        Play(async (scene, chat, peer) =>
        {
            using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(2), scene.World.Time);
            var first = chat.SendAsync("first", impatience.Token);
            var request = await peer.Request(SipMethod.Message);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

            var second = chat.SendAsync("second", CancellationToken.None);
            await scene.Seconds(1);
            Assert.False(peer.HasMore);
            peer.Send(request.Answer(200, null, "s").Build());
            var next = await peer.Request(SipMethod.Message);
            Assert.Equal("second", new MessageContent("text/plain", next.Body.ToArray()).Text);
            peer.Send(next.Answer(200, null, "s").Build());
            Assert.True((await second).IsAccepted);
        });
    }

    [Theory]
    [InlineData(202)]
    [InlineData(480)]
    public void Typing_ToWhoeverIsNotThere_SaysNothing(int status)
    {
        Play(async (scene, chat, peer) =>
        {
            chat.Typing(); // nobody was heard yet
            await Say(chat, peer, "hello", status);
            chat.Typing();
            await scene.Seconds(60);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void Typing_ToWhoeverDoesNotUnderstandIt_IsNotSaidAgain()
    {
        Play(async (scene, chat, peer) =>
        {
            await Say(chat, peer, "hello");
            chat.Typing();
            peer.Send((await peer.Request(SipMethod.Message)).Answer(415, null, "tag").Build());
            await scene.Seconds(100);
            chat.Typing();
            await scene.Seconds(100);
            Assert.False(peer.HasMore);
        });
    }

    [Fact]
    public void Send_ManyAtOnce_ArriveInTheirOrder()
    {
        Play(async (scene, chat, peer) =>
        {
            var sending = Enumerable.Range(0, 5).Select(i => chat.SendAsync($"{i}")).ToList();
            for (var i = 0; i < 5; i++)
            {
                var message = await peer.Request(SipMethod.Message);
                Assert.Equal($"{i}", new MessageContent("text/plain", message.Body.ToArray()).Text);
                await scene.Seconds(1);
                Assert.False(peer.HasMore);
                peer.Send(message.Answer(200, null, "tag").Build());
            }

            Assert.All(await Task.WhenAll(sending), result => Assert.True(result.IsAccepted));
        });
    }

    /// <summary>What is heard: active, again active, and then nothing more, a message, or idle.</summary>
    [Theory]
    [InlineData("silence")]
    [InlineData("message")]
    [InlineData("idle")]
    public void Composing_Heard_IsToldWhenItBeginsAndEnds(string end)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T5);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            uint sequence = 0;
            async Task Send(string type, byte[] body)
            {
                peer.Send(peer.NewRequest(SipMethod.Message, "sip:bob@10.0.0.5", $"c{++sequence}", 1).Body(type, body).Build(), scene);
                await peer.Response(200);
            }

            await Send(IsComposing.ContentType, new IsComposing(true) { RefreshSeconds = 90 }.ToBytes());
            await scene.Seconds(60);
            await Send(IsComposing.ContentType, new IsComposing(true) { RefreshSeconds = 90 }.ToBytes());
            await scene.Seconds(60);
            switch (end)
            {
                case "silence": await scene.Seconds(31); break;
                case "idle": await Send(IsComposing.ContentType, new IsComposing(false).ToBytes()); break;
                default: await Send("text/plain", "hello"u8.ToArray()); break;
            }

            await scene.Seconds(0.1);
            await phone.DisposeAsync();
            var told = new List<bool>();
            await foreach (var happening in phone.Events())
            {
                told.Add(Assert.IsType<ComposingChanged>(happening).IsComposing);
            }

            Assert.Equal([true, false], told);
            var messages = 0;
            await foreach (var _ in phone.Messages())
            {
                messages++;
            }

            Assert.Equal(end == "message" ? 1 : 0, messages);
        });
    }

    private static async Task Say(Chat chat, ScriptedPeer peer, string text, int status = 200)
    {
        var sending = chat.SendAsync(text);
        peer.Send((await peer.Request(SipMethod.Message)).Answer(status, null, "tag").Build());
        await sending;
    }

    private static async Task<IsComposing> Hear(ScriptedPeer peer, bool isActive)
    {
        var message = await peer.Request(SipMethod.Message);
        Assert.Equal(IsComposing.ContentType, message.Text(HeaderName.ContentType));
        Assert.True(IsComposing.TryParse(message.Body, out var state, out _));
        Assert.Equal(isActive, state.Active);
        peer.Send(message.Answer(200, null, "tag").Build());
        return state;
    }

    private static void Play(Func<PhoneScene, Chat, ScriptedPeer, Task> script) => PhoneScene.Play(async (scene, phone, peer) =>
    {
        using var chat = phone.OpenChat(Peer);
        await script(scene, chat, peer);
    });
}
