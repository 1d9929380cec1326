// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Phone;
using Isthmus.Sip;
using static Isthmus.Tests.Phone.PhoneScene;

namespace Isthmus.Tests.Phone.Messaging;

/// <summary>Phone, server, phone: an IPv6-only and an IPv4-only phone write to each other (FIG. 10 of docs/figures.md).</summary>
public sealed class MessagesThroughServerTests
{
    public static TheoryData<string, SipTransport, SipTransport> Transports => new(
        from body in (string[])["", "text", "octets", "64k"]
        from one in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
        from other in (SipTransport[])[SipTransport.Udp, SipTransport.Tcp]
        select (body, one, other));

    [Theory, MemberData(nameof(Transports))]
    public void SendMessage_AcrossTheVersions_ArrivesOctetForOctet(string kind, SipTransport six, SipTransport four)
    {
        byte[] body = kind switch
        {
            "" => [],
            "text" => Encoding.UTF8.GetBytes("Grüße aus \u6771\u4eac"),
            "octets" => [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
            _ => [.. Enumerable.Range(0, 65536).Select(i => (byte)(i * 31))],
        };
        PlayPair(async (_, alice, bob) =>
        {
            foreach (var (from, to, name) in ((SipPhone, SipPhone, string)[])[(alice, bob, "bob"), (bob, alice, "alice")])
            {
                var result = await from.SendMessageAsync(name, new MessageContent("application/octet-stream", body));
                Assert.Equal((MessageOutcome.Delivered, 200), (result.Outcome, result.Status));
                await using var messages = to.Messages().GetAsyncEnumerator();
                Assert.True(await messages.MoveNextAsync());
                Assert.True(messages.Current.Content.Body.Span.SequenceEqual(body));
                Assert.Equal(("application/octet-stream", from.Accounts[0].Address), (messages.Current.Content.Type, messages.Current.From));
            }
        }, six, four);
    }
}
