// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Bodies;
using Isthmus.Phone;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Isthmus.Tests.Phone.Presence.PresencePeer;

namespace Isthmus.Tests.Phone.Presence;

/// <summary>A phone on real sockets, and a notifier by hand on another one. Time stands still, so nobody repeats anything by himself.</summary>
public sealed class WatchSocketTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Notify_DuplicatedAndOvertaken_IsAnsweredEachTimeAndToldOnce(string address)
    {
        var network = new SystemNetwork();
        Assert.SkipUnless(network.Supports(IPAddress.Parse(address).Version), "this host has no IPv6");
        using var peer = new ScriptedPeer(network, address, port: 0) { HearsRepetitions = true };
        await using var phone = new SipPhone(
            new PhoneOptions { Ipv4Address = IPAddress.Loopback, Ipv6Address = IPAddress.IPv6Loopback, Farewell = TimeSpan.Zero }, network, new FakeTimeProvider(), NullLoggerFactory.Instance);
        Assert.True(phone.Start().IsUsable);
        var watch = phone.Watch($"sip:bob@{peer.HostPort}");
        var subscribe = await peer.Request(SipMethod.Subscribe).WaitAsync(Limit);
        Accept(peer, subscribe);

        // One datagram that the network doubles; the same NOTIFY once more in a transaction of its own; and 4, which 5 has overtaken.
        var first = Told(1, Availability.Online);
        SipRequest[] sent = [first, first, first, Told(1, Availability.Away), Told(5, Availability.Busy), Told(4, Availability.Away), Told(4, Availability.Away), Told(6, Availability.Offline)];
        Array.ForEach(sent, peer.Send);
        var answers = new List<(uint, int)>();
        foreach (var _ in sent)
        {
            var answer = Assert.IsType<SipResponse>(await peer.Next().WaitAsync(Limit));
            answers.Add((answer.CSeqNumber, answer.StatusCode));
        }

        Assert.Equal([(1, 200), (1, 200), (1, 200), (1, 200), (5, 200), (4, 500), (4, 500), (6, 200)], answers);
        Assert.Equal(
            [Availability.Online, Availability.Busy, Availability.Offline],
            [(await Next(watch, 0)).Availability, (await Next(watch, 1)).Availability, (await Next(watch, 2)).Availability]);
        Assert.Equal(SubscriptionPhase.Active, watch.Subscription.Phase);
        await Leave(peer, watch, 7).WaitAsync(Limit);

        SipRequest Told(uint sequence, Availability availability) => Notify(peer, subscribe, sequence).Body(PresenceDocument.ContentType, Document(availability)).Build();
    }
}
