// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Several sockets and threads on one UDP address.</summary>
public sealed class ShardTests
{
    private const int Shards = 4;
    private const int Senders = 64;

    private readonly SystemNetwork _network = new();

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("0.0.0.0:0", "127.0.0.1:0")]
    [InlineData("[::]:0", "[::1]:0")]
    public async Task Senders_AreDividedAndEachStaysOnOneThread(string bind, string from)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Ports are shared on Linux only.");
        var receiver = new ThreadNoting();
        using var server = receiver.Socket = _network.BindDatagram(At(bind), receiver, Shards);
        var at = new IPEndPoint(At(from).Address, server.LocalEndPoint.Port);
        var heard = new HeardDatagrams();
        var clients = Enumerable.Range(0, Senders).Select(_ => _network.BindDatagram(At(from), heard)).ToList();
        for (var round = 0; round < 5; round++)
        {
            clients.ForEach(client => client.Send("x"u8, at, null));
        }
        await heard.Until(() => heard.Datagrams.Count == 5 * Senders);
        Assert.All(heard.Datagrams, datagram => Assert.Equal(at, datagram.Remote)); // each was answered from there
        Assert.Equal(Senders, receiver.Threads.Count);
        Assert.All(receiver.Threads.Values, threads => Assert.Single(threads.Keys));
        Assert.InRange(receiver.Threads.Values.SelectMany(threads => threads.Keys).Distinct().Count(), 2, Shards);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public void Bind_PortOfAnotherServer_SaysSoAndDisposeFreesIt(string bind)
    {
        var first = _network.BindDatagram(At(bind), new HeardDatagrams(), Shards);
        foreach (var shards in (int[])[1, Shards])
        {
            var other = new SystemNetwork();
            Assert.Equal(SocketError.AddressAlreadyInUse,
                Assert.Throws<SocketException>(() => other.BindDatagram(first.LocalEndPoint, new HeardDatagrams(), shards)).SocketErrorCode);
        }
        first.Dispose();
        _network.BindDatagram(first.LocalEndPoint, new HeardDatagrams(), Shards).Dispose();
        _network.BindDatagram(first.LocalEndPoint, new HeardDatagrams()).Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Unreachable_OfAnyShard_IsHeard(string bind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ICMP errors are heard on Linux only.");
        var told = new HeardDatagrams();
        using var server = _network.BindDatagram(At(bind), told, Shards);
        var gone = Enumerable.Range(0, 16).Select(_ => _network.BindDatagram(At(bind), new HeardDatagrams())).ToList();
        gone.ForEach(socket => socket.Dispose());
        gone.ForEach(socket => server.Send("x"u8, socket.LocalEndPoint, null));
        await told.Until(() => told.Errors.Count == gone.Count);
        Assert.Equal(gone.Select(socket => socket.LocalEndPoint).ToHashSet(), told.Errors.Select(error => error.Remote).ToHashSet());
    }

    [Fact]
    public void Closed_UnderTraffic_NeverThrows()
    {
        for (var round = 0; round < 50; round++)
        {
            var receiver = new ThreadNoting();
            var server = receiver.Socket = _network.BindDatagram(At("127.0.0.1:0"), receiver, Shards);
            using var client = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
            using var stop = new CancellationTokenSource();
            var flood = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    using (_network.Gather())
                    {
                        client.Send("x"u8, server.LocalEndPoint, null);
                        server.Send("y"u8, client.LocalEndPoint, null);
                    }
                }
            });
            flood.Start();
            SpinWait.SpinUntil(() => !receiver.Threads.IsEmpty, TimeSpan.FromSeconds(10));
            server.Dispose();
            stop.Cancel();
            flood.Join();
        }
    }

    /// <summary>Answers, and notes which senders came by which thread.</summary>
    private sealed class ThreadNoting : IDatagramReceiver
    {
        public IDatagramSocket? Socket { get; set; }

        public ConcurrentDictionary<IPEndPoint, ConcurrentDictionary<int, bool>> Threads { get; } = new();

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
            Threads.GetOrAdd(remote, static _ => new())[Environment.CurrentManagedThreadId] = true;
            Socket?.Send(payload, remote, localAddress);
        }

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }
    }
}
