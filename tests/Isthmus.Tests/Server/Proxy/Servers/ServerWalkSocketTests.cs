// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Tests.Server;

/// <summary>A server of another domain whose port is closed, on real sockets: ICMP and resets of this host.</summary>
public sealed class ServerWalkSocketTests
{
    [Theory]
    [InlineData(SipTransport.Udp, "127.0.0.1", "::1")]
    [InlineData(SipTransport.Udp, "::1", "127.0.0.1")]
    [InlineData(SipTransport.Tcp, "127.0.0.1", "::1")]
    [InlineData(SipTransport.Tcp, "::1", "127.0.0.1")]
    public async Task Invite_FirstServersPortIsClosed_GoesToTheNextOneAtOnce(SipTransport transport, string closed, string open)
    {
        await using SipStack far = Far(transport, IPAddress.Parse(open));
        var dead = new IPEndPoint(IPAddress.Parse(closed), ClosedPort(IPAddress.Parse(closed)));
        ServerOptions options = IsthmusServerTests.Loopback() with
        {
            Peers =
            [
                new PeerOptions
                {
                    Domain = "far.example",
                    Targets = [new(Host.From(dead.Address), dead.Port), new(Host.From(IPAddress.Parse(open)), far.Listeners[0].LocalEndPoint.Port)],
                    Transport = transport,
                },
            ],
        };
        await using IsthmusServer server = IsthmusServerTests.Started(await IsthmusServer.StartAsync(options));
        using var client = new RegisteringClient(IsthmusServerTests.UdpOf(server, "127.0.0.1"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.RegisterAsync("alice");
        var clock = Stopwatch.StartNew();
        await client.InviteAsync("alice", "sip:bob@far.example");
        Assert.Equal(486, (await client.ReceiveAsync(patience.Token)).StatusCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}"); // timer B is 32 s; this machine may be busy
        Assert.Equal(TargetState.Bad, server.Proxy.Health.StateOf(transport, dead));
    }

    private static int ClosedPort(IPAddress address)
    {
        using var udp = new UdpClient(new IPEndPoint(address, 0));
        return ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
    }

    private static SipStack Far(SipTransport transport, IPAddress address)
    {
        var stack = new SipStack(
            new SipStackOptions { Transport = new TransportOptions { Listeners = [new ListenerOptions { Transport = transport, Address = address, Port = 0 }] } },
            new SystemNetwork(null, TimeProvider.System),
            TimeProvider.System,
            NullLoggerFactory.Instance);
        Assert.Empty(stack.Start(new Busy()).Faults);
        return stack;
    }

    private sealed class Busy : ITransactionUser
    {
        public void OnRequest(ServerTransaction transaction) => FarServer.Answer(transaction, transaction.Method == SipMethod.Options ? 200 : 486);

        public void OnAck(ReceivedRequest ack)
        {
        }

        public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
        {
        }

        public void OnResponse(ReceivedResponse stray)
        {
        }
    }
}
