// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Testing;
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
        using var scene = new PhoneScene();
        scene.Run(async () =>
        {
            await using var server = new PhoneServer(scene);
            await using var alice = Phone(scene, scene.T7, "alice", six);
            await using var bob = Phone(scene, scene.T6, "bob", four);
            Assert.True((await alice.RegisterAsync()).IsUsable);
            Assert.True((await bob.RegisterAsync()).IsUsable);
            foreach (var (from, to, name) in ((SipPhone, SipPhone, string)[])[(alice, bob, "bob"), (bob, alice, "alice")])
            {
                var result = await from.SendMessageAsync(name, new MessageContent("application/octet-stream", body));
                Assert.Equal((MessageOutcome.Delivered, 200), (result.Outcome, result.Status));
                await using var messages = to.Messages().GetAsyncEnumerator();
                Assert.True(await messages.MoveNextAsync());
                Assert.True(messages.Current.Content.Body.Span.SequenceEqual(body));
                Assert.Equal(("application/octet-stream", from.Accounts[0].Address), (messages.Current.Content.Type, messages.Current.From));
            }
        });
    }

    private static SipPhone Phone(PhoneScene scene, MemoryHost host, string user, SipTransport transport) => scene.Phone(host, new PhoneOptions
    {
        Accounts = [Account(user, host == scene.T6 ? RegistrationMode.Ipv4 : RegistrationMode.Ipv6)],
        Ipv4Transport = transport,
        Ipv6Transport = transport,
    });
}
