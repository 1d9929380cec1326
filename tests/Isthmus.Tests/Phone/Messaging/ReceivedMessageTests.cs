// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Messaging;

/// <summary>Messages that come, from somebody who sends by hand.</summary>
public sealed class ReceivedMessageTests
{
    private const string Phone = "sip:bob@10.0.0.5";

    [Fact]
    public void Message_Text_IsReadByTheProgram()
    {
        Play(new(), async (scene, phone, peer) =>
        {
            peer.Send(Text(peer, "one", "hello").Header(HeaderName.Date, "Mon, 31 Dec 2029 23:00:00 GMT").Build(), scene);
            Assert.NotNull((await peer.Response(200)).To.Tag);
            var message = await Next(phone);
            Assert.Equal(("sip:peer@10.0.0.1:5060", "hello", "one", IpVersion.V4), (message.From, message.Content.Text, message.Id, message.Version));
            Assert.Equal(TimeSpan.FromHours(1), new DateTimeOffset(2030, 1, 1, 0, 0, 0, default) - message.SentAt);
            Assert.InRange(message.ReceivedAt - message.SentAt!.Value, TimeSpan.FromHours(1), TimeSpan.FromHours(1.01));
        });
    }

    /// <summary>A server that crashed sends again what it stored, in a transaction of its own; a phone with two bindings is sent it by both.</summary>
    [Fact]
    public void Message_ThatCameBefore_IsAnsweredAgainAndGivenOnce()
    {
        Play(new(), async (scene, phone, peer) =>
        {
            for (var i = 0; i < 3; i++)
            {
                peer.Send(Text(peer, "one", "hello").Build(), scene);
                await peer.Response(200);
                await scene.Seconds(600);
            }

            peer.Send(peer.NewRequest(SipMethod.Message, Phone, "one", 2).Body("text/plain", "next"u8).Build(), scene);
            await peer.Response(200);
            await scene.Seconds(3600);
            peer.Send(Text(peer, "one", "forgotten meanwhile").Build(), scene);
            await peer.Response(200);
            Assert.Equal(["hello", "next", "forgotten meanwhile"], [(await Next(phone)).Content.Text, (await Next(phone)).Content.Text, (await Next(phone)).Content.Text]);
        });
    }

    /// <summary>linphone says of each message that it was delivered and shown; a chat is not for that.</summary>
    [Fact]
    public void Message_ThatIsADisposition_IsAnsweredAndNotGiven()
    {
        Play(new(), async (scene, phone, peer) =>
        {
            peer.Send(peer.NewRequest(SipMethod.Message, Phone, "one", 1).Body(MessageDisposition.ContentType, new MessageDisposition("x", DispositionKind.Display, "displayed").ToBytes()).Build(), scene);
            await peer.Response(200);
            peer.Send(Text(peer, "two", "hello").Build(), scene);
            await peer.Response(200);
            Assert.Equal("hello", (await Next(phone)).Content.Text);
        });
    }

    [Fact]
    public void Message_ForTwoAccounts_IsOneForEach()
    {
        Play(new() { Accounts = [Account("bob", RegistrationMode.None), Account("carol", RegistrationMode.None)] }, async (scene, phone, peer) =>
        {
            foreach (var user in (string[])["bob", "carol", "carol"])
            {
                peer.Send(peer.NewRequest(SipMethod.Message, $"sip:{user}@10.0.0.5", "one", 1).Body("text/plain", "hello"u8).Build(), scene);
                await peer.Response(200);
            }

            peer.Send(peer.NewRequest(SipMethod.Message, "sip:dave@10.0.0.5", "two", 1).Body("text/plain", "hello"u8).Build(), scene);
            await peer.Response(404);
            Assert.Equal(["sip:bob@example.com", "sip:carol@example.com"], [(await Next(phone)).Account?.Address, (await Next(phone)).Account?.Address]);
        });
    }

    [Fact]
    public void Message_ThatIsNotTaken_IsLeftToWhoeverStoresIt()
    {
        Play(new() { TakeMessages = false }, async (scene, phone, peer) =>
        {
            peer.Send(Text(peer, "one", "hello").Build(), scene);
            await peer.Response(480);
        });
    }

    [Fact]
    public void Message_BeyondTheUnreadOnes_IsRefusedForNow()
    {
        Play(new(), async (scene, phone, peer) =>
        {
            for (var i = 0; i < 256; i++)
            {
                peer.Send(Text(peer, $"call{i}", $"{i}").Build(), scene);
                await peer.Response(200);
            }

            peer.Send(Text(peer, "late", "late").Build(), scene);
            Assert.Equal("60", (await peer.Response(480)).Text(HeaderName.RetryAfter));
            Assert.Equal("0", (await Next(phone)).Content.Text);
            peer.Send(Text(peer, "late", "late").Build(), scene);
            await peer.Response(200);
        });
    }

    [Fact]
    public void Message_InAnEncodingThatIsNotUnderstood_GetsTheOneThatIs()
    {
        Play(new(), async (scene, phone, peer) =>
        {
            peer.Send(Text(peer, "one", "hello").Header(HeaderName.ContentEncoding, "gzip").Build(), scene);
            Assert.Equal("identity", (await peer.Response(415)).Text(HeaderName.AcceptEncoding));
        });
    }

    [Fact]
    public void Message_InsideACall_IsTakenToo()
    {
        Play(new() { Answer = AnswerPolicy.Automatic }, async (scene, phone, peer) =>
        {
            peer.Send(peer.NewRequest(SipMethod.Invite, Phone, "call", 1).Body("application/sdp", ScriptedPeer.Audio("10.0.0.1").Bytes).Build(), scene);
            var tag = (await peer.Response(200)).To.Tag;
            peer.Send(peer.NewRequest(SipMethod.Ack, Phone, "call", 1, tag).Build(), scene);
            peer.Send(peer.NewRequest(SipMethod.Message, Phone, "call", 2, tag).Body("text/plain", "psst"u8).Build(), scene);
            await peer.Response(200);
            peer.Send(peer.NewRequest(SipMethod.Bye, Phone, "call", 3, tag).Build(), scene);
            await peer.Response(200);
            Assert.Equal("psst", (await Next(phone)).Content.Text);
        });
    }

    [Theory]
    [InlineData("text/plain", "caf\u00e9", "utf8", "caf\u00e9")]
    [InlineData("text/plain;charset=\"utf-8\"", "caf\u00e9", "utf8", "caf\u00e9")]
    [InlineData("text/html; Charset = ISO-8859-1", "caf\u00e9", "latin1", "caf\u00e9")]
    [InlineData("text/plain", "caf\u00e9", "latin1", null)]
    [InlineData("text/plain;charset=koi8-r", "x", "utf8", null)]
    [InlineData("image/png", "x", "utf8", null)]
    public void Content_IsText_WhereItCanBeReadAsThat(string type, string text, string encoding, string? expected) =>
        Assert.Equal(expected, new MessageContent(type, (encoding == "utf8" ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text)).Text);

    private static RequestBuilder Text(ScriptedPeer peer, string callId, string text) =>
        peer.NewRequest(SipMethod.Message, Phone, callId, 1).Body("text/plain", Encoding.UTF8.GetBytes(text));

    private static async Task<ReceivedMessage> Next(SipPhone phone)
    {
        await using var messages = phone.Messages().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync());
        return messages.Current;
    }
}
