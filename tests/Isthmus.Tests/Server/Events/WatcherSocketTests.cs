// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Bodies;
using Isthmus.Server;
using Isthmus.Server.Events;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Phone;
using Isthmus.Tests.Server.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>The server on real sockets, and a watcher by hand on another one; the clock is moved by the test.</summary>
public sealed class WatcherSocketTests
{
    private const string Bob = "sip:bob@example.com";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>His socket is open still, so no ICMP says that nobody reads it: timer F ends the subscription (RFC 6665 §4.2.2).</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Watcher_ThatFallsSilent_IsForgottenAfterTimerF(string address)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        ServerStart start = await IsthmusServer.StartAsync(
            IsthmusServerTests.Loopback() with { Domains = [new DomainOptions { Name = "example.com" }], Presence = new() { BelievesEverybody = true } }, new SystemNetwork(null, time), time);
        await using IsthmusServer server = start.Server!;
        using var watcher = new ScriptedPeer(new SystemNetwork(), address, port: 0) { HearsRepetitions = true };
        Send(1, null);
        SipResponse accepted = await watcher.Response(200).WaitAsync(Limit);
        watcher.Respond(await watcher.Request(SipMethod.Notify).WaitAsync(Limit), 200);
        Notifier notifier = server.Proxy.Events.Notifier;

        // From here on he says nothing.
        Publish(Availability.Busy);
        SipRequest unheard = await watcher.Request(SipMethod.Notify).WaitAsync(Limit);
        Advance(TimeSpan.FromSeconds(30));
        Publish(Availability.Away);
        Assert.Equal(1, notifier.Count);
        Advance(TimeSpan.FromSeconds(3));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var late = new CancellationTokenSource(Limit);
        while (notifier.Count > 0)
        {
            await tick.WaitForNextTickAsync(late.Token);
        }

        Send(2, accepted.To.Tag);
        var heard = new List<SipRequest> { unheard };
        SipMessage next;
        while ((next = await watcher.Next(late.Token)) is SipRequest again)
        {
            heard.Add(again);
        }

        Assert.Equal(481, Assert.IsType<SipResponse>(next).StatusCode);
        Assert.Equal(11, heard.Count); // timer E: after 0.5, 1, 2 and then each 4 s
        Assert.Single(heard.Select(notify => Convert.ToHexString(notify.Bytes.Span)).Distinct());
        Assert.Equal(1, notifier.Counters.Unheard);

        void Send(uint sequence, string? tag) => watcher.Send(
            watcher.NewRequest(SipMethod.Subscribe, tag is null ? Bob : $"sip:{IsthmusServerTests.UdpOf(server, address)}", "watch", sequence, tag)
                .Header(HeaderName.Event, "presence").Header(HeaderName.Expires, "600").Build(),
            IsthmusServerTests.UdpOf(server, address));

        void Publish(Availability availability)
        {
            IEventPackage presence = server.Proxy.Events.Hub.Packages.Find("presence")!;
            server.Proxy.Events.Publications.Publish(server.Proxy.Events.Hub, presence, Bob, new(null, 600) { State = PresenceDocument.Of(Bob, availability) }, []);
            server.Proxy.Events.Hub.Changed(presence, Bob);
        }

        void Advance(TimeSpan by)
        {
            for (TimeSpan passed = default; passed < by; passed += Step)
            {
                time.Advance(Step);
            }
        }
    }
}
