// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Isthmus.Server;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Server.Hosting;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Messages between every two kinds of terminals by real sockets: each arrives once, in order, and to the octet, whether its recipient is there or comes later.</summary>
public sealed class MessageMatrixTests
{
    private const int Largest = 65_536;
    private const string ToBob = "sip:bob@example.com";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly byte[] EveryOctet = [.. Enumerable.Range(0, 256).Select(octet => (byte)octet)];

    public static TheoryData<IpVersions, IpVersions, bool, bool, bool> Cells()
    {
        var cells = new TheoryData<IpVersions, IpVersions, bool, bool, bool>();
        foreach (IpVersions sender in (IpVersions[])[IpVersions.V4, IpVersions.V6, IpVersions.Both])
        {
            foreach (IpVersions receiver in (IpVersions[])[IpVersions.V4, IpVersions.V6, IpVersions.Both])
            {
                foreach ((bool senderByTcp, bool receiverByTcp) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
                {
                    cells.Add(sender, receiver, senderByTcp, receiverByTcp, false);
                    cells.Add(sender, receiver, senderByTcp, receiverByTcp, true);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Messages_OfAnyToAny_ArriveOnceInOrderToTheOctet(IpVersions sender, IpVersions receiver, bool senderByTcp, bool receiverByTcp, bool comesLater)
    {
        using var late = new CancellationTokenSource(Limit);
        await using IsthmusServer server = await ServeAsync();
        List<byte[]> bodies =
        [
            EveryOctet,
            "Grüße aus 東京 – 👋\r\n\r\n"u8.ToArray(),
            [],
            "a SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
            RandomNumberGenerator.GetBytes(900),
            .. senderByTcp && receiverByTcp ? (byte[][])[RandomNumberGenerator.GetBytes(Largest)] : [],
            "last"u8.ToArray(),
        ];
        var got = new List<byte[]>();
        List<SocketUa> alice = await OpenAsync("alice", server, sender, senderByTcp, []);
        List<SocketUa> bob = await OpenAsync("bob", server, receiver, receiverByTcp, got);
        foreach (SocketUa ua in bob)
        {
            await ua.RegisterAsync(600, late.Token);
        }

        if (comesLater)
        {
            await bob[0].RegisterAsync(0, late.Token);
            foreach (SocketUa other in bob.Skip(1))
            {
                await other.RegisterAsync(0, late.Token);
            }
        }

        for (int i = 0; i < bodies.Count; i++)
        {
            Assert.Equal(comesLater ? 202 : 200, await alice[i % alice.Count].SendAsync(ToBob, bodies[i], late.Token));
        }

        if (comesLater)
        {
            Assert.Empty(got);
            foreach (SocketUa ua in bob)
            {
                await ua.RegisterAsync(600, late.Token);
            }
        }

        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (CountOf(got) < bodies.Count || server.Proxy.Mailroom!.Boxes.Count > 0)
        {
            await tick.WaitForNextTickAsync(late.Token);
        }

        Assert.Equal(bodies.Select(Convert.ToHexString), got.Select(Convert.ToHexString));
        Assert.Equal(comesLater ? bodies.Count : 0, server.Proxy.Mailroom.Counters.Delivered);
        alice.ForEach(ua => ua.Dispose());
        bob.ForEach(ua => ua.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_TooLongForADatagramToAPhoneWithoutTcp_Is513(bool comesLater)
    {
        using var late = new CancellationTokenSource(Limit);
        await using IsthmusServer server = await ServeAsync();
        var got = new List<byte[]>();
        using SocketUa alice = await SocketUa.OpenAsync("alice", EndPoint(server, IpVersion.V4, SipTransport.Tcp), tcp: true);
        using SocketUa bob = await SocketUa.OpenAsync("bob", EndPoint(server, IpVersion.V6, SipTransport.Udp), tcp: false, got);
        await bob.RegisterAsync(600, late.Token);
        if (!comesLater)
        {
            Assert.Equal(200, await alice.SendAsync(ToBob, new byte[20_000], late.Token)); // RFC 3261 §18.1.1: by UDP after all
            Assert.Equal(513, await alice.SendAsync(ToBob, new byte[Largest], late.Token));
            return;
        }

        await bob.RegisterAsync(0, late.Token);
        Assert.Equal(202, await alice.SendAsync(ToBob, new byte[Largest], late.Token));
        Assert.Equal(202, await alice.SendAsync(ToBob, "short"u8.ToArray(), late.Token));
        await bob.RegisterAsync(600, late.Token);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (server.Proxy.Mailroom!.Counters.Delivered == 0)
        {
            await tick.WaitForNextTickAsync(late.Token);
        }

        Assert.Equal("short", Encoding.UTF8.GetString(Assert.Single(got)));
        Assert.Equal(1, server.Proxy.Mailroom.Count); // another device may have room for it
    }

    private static int CountOf(List<byte[]> got)
    {
        lock (got)
        {
            return got.Count;
        }
    }

    private static async Task<IsthmusServer> ServeAsync()
    {
        ServerStart start = await IsthmusServer.StartAsync(IsthmusServerTests.Loopback() with { Domains = [new DomainOptions { Name = "example.com" }] });
        Assert.NotNull(start.Server);
        return start.Server;
    }

    private static async Task<List<SocketUa>> OpenAsync(string user, IsthmusServer server, IpVersions versions, bool tcp, List<byte[]> got)
    {
        var agents = new List<SocketUa>();
        foreach (IpVersion version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
        {
            if (versions.HasFlag(version.AsSet))
            {
                agents.Add(await SocketUa.OpenAsync(user, EndPoint(server, version, tcp ? SipTransport.Tcp : SipTransport.Udp), tcp, got));
            }
        }

        return agents;
    }

    private static IPEndPoint EndPoint(IsthmusServer server, IpVersion version, SipTransport transport) =>
        server.Listeners.First(listener => listener.Version == version && listener.Transport == transport).LocalEndPoint;
}
