// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Phone;
using Isthmus.Sip;
using Microsoft.Extensions.Logging.Abstractions;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Messaging;

/// <summary>Messages that the phone sends, to somebody who answers by hand.</summary>
public sealed class SendMessageTests
{
    [Fact]
    public void SendMessage_Text_IsAMessageWithoutContact_WithDate()
    {
        Play(async (scene, phone, peer) =>
        {
            var sending = phone.SendMessageAsync("sip:peer@10.0.0.1", "Grüße");
            var message = await peer.Request(SipMethod.Message);
            peer.Send(message.Answer(200, null, "tag").Build());
            var result = await sending;

            Assert.Equal((MessageOutcome.Delivered, 200, IpVersion.V4, message.CallId), (result.Outcome, result.Status, result.Version, result.Id));
            Assert.True(result.IsAccepted);
            Assert.Empty(message.Contacts); // RFC 3428 §4
            Assert.Equal(("text/plain;charset=UTF-8", "Grüße"), (message.Text(HeaderName.ContentType), Encoding.UTF8.GetString(message.Body)));
            Assert.Equal("Tue, 01 Jan 2030 00:00:00 GMT", message.Text(HeaderName.Date));
            Assert.Equal(("sip:peer@10.0.0.1", "70"), (message.RequestUriText, message.Text(HeaderName.MaxForwards)));
        });
    }

    [Theory]
    [InlineData(200, MessageOutcome.Delivered)]
    [InlineData(202, MessageOutcome.Stored)]
    [InlineData(403, MessageOutcome.Rejected)]
    [InlineData(404, MessageOutcome.NotFound)]
    [InlineData(408, MessageOutcome.Unreachable)]
    [InlineData(413, MessageOutcome.TooLarge)]
    [InlineData(415, MessageOutcome.NotUnderstood)]
    [InlineData(480, MessageOutcome.NotFound)]
    [InlineData(503, MessageOutcome.Unreachable)]
    [InlineData(513, MessageOutcome.TooLarge)]
    [InlineData(603, MessageOutcome.Rejected)]
    public void SendMessage_Answered_SaysWhatBecameOfIt(int status, MessageOutcome expected)
    {
        Play(async (scene, phone, peer) =>
        {
            var sending = phone.SendMessageAsync("sip:peer@10.0.0.1", "hello");
            peer.Send((await peer.Request(SipMethod.Message)).Answer(status, "because", "tag").Build());
            var result = await sending;
            Assert.Equal((expected, status, "because"), (result.Outcome, result.Status, result.Reason));
        });
    }

    [Fact]
    public void SendMessage_NoAnswer_IsUnreachableInTheEnd()
    {
        Play(async (scene, phone, peer) =>
        {
            var result = await phone.SendMessageAsync("sip:peer@10.0.0.1", "hello");
            Assert.Equal((MessageOutcome.Unreachable, 408), (result.Outcome, result.Status));
        });
    }

    [Theory]
    [InlineData("what is this", MessageOutcome.InvalidAddress, 0)]
    [InlineData("sips:peer@10.0.0.1", MessageOutcome.InvalidAddress, 0)]
    [InlineData("sip:peer@host.example", MessageOutcome.InvalidAddress, 0)]
    public void SendMessage_Nowhere_IsSaidAtOnce(string address, MessageOutcome expected, int status)
    {
        Play(async (scene, phone, peer) =>
        {
            var result = await phone.SendMessageAsync(address, "hello");
            Assert.Equal((expected, status, null), (result.Outcome, result.Status, result.Version));
            Assert.NotEmpty(result.Reason);
        });
    }

    /// <summary>What is too long for UDP goes by TCP to the same port (RFC 3261 §18.1.1), whatever the port is.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(Port)]
    public void SendMessage_TooLongForUdp_GoesByTcp(int port)
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var alice = scene.Phone(scene.T7);
            await using var bob = new SipPhone(new PhoneOptions { Ipv4Port = port, Ipv6Port = port }, scene.T5, scene.World.Time, NullLoggerFactory.Instance);
            var six = Assert.Single(bob.Start().Listeners, listener => listener.Version == IpVersion.V6);
            byte[] body = [.. Enumerable.Range(0, 65536).Select(i => (byte)(i * 31))];
            var result = await alice.SendMessageAsync($"sip:bob@{HostPort.From(new(scene.T5.Addresses[1], six.Local!.Port))}", new MessageContent("application/octet-stream", body));
            Assert.Equal((MessageOutcome.Delivered, 200), (result.Outcome, result.Status));
            await using var messages = bob.Messages().GetAsyncEnumerator();
            Assert.True(await messages.MoveNextAsync());
            Assert.True(messages.Current.Content.Body.Span.SequenceEqual(body));
            Assert.All(scene.World.Network.Capture, sent => Assert.True(sent.IsStream));
        });
    }

    /// <summary>Nothing listens on the server's IPv6 address: the same message goes by IPv4.</summary>
    [Fact]
    public void SendMessage_OneVersionBroken_GoesByTheOther()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var phone = scene.Phone(scene.T5, new PhoneOptions { Accounts = [Account("alice", RegistrationMode.None)] });
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var sending = phone.SendMessageAsync("bob", "hello", new MessageOptions { Expires = TimeSpan.FromHours(1) });
            var message = await peer.Request(SipMethod.Message);
            Assert.Equal(("sip:bob@example.com", "sip:alice@example.com", "3600"), (message.RequestUriText, message.From.Uri.ToString(), message.Text(HeaderName.Expires)));
            peer.Send(message.Answer(202, null, "tag").Build());
            Assert.Equal((MessageOutcome.Stored, IpVersion.V4), ((await sending).Outcome, (await sending).Version));
        });
    }

    [Fact]
    public void Dispose_WhileAMessageWaits_EndsTheWaiting()
    {
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            var phone = scene.Phone(scene.T5);
            using var peer = new ScriptedPeer(scene.S1, "10.0.0.1");
            var sending = phone.SendMessageAsync("sip:peer@10.0.0.1", "hello");
            await peer.Request(SipMethod.Message);
            await phone.DisposeAsync();
            Assert.Equal(MessageOutcome.Failed, (await sending).Outcome);
            Assert.Equal(MessageOutcome.Failed, (await phone.SendMessageAsync("sip:peer@10.0.0.1", "again")).Outcome);
        });
    }
}
