// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Real sockets on the loopback addresses of both versions, with ports that the kernel chooses.</summary>
public sealed class SystemNetworkTests
{
    // A socket that is closed between two datagrams: its thread may see that first and free the socket under the closing one.
    [Fact]
    public void Datagram_ClosedUnderTraffic_NeverThrows()
    {
        var network = new SystemNetwork();
        using IDatagramSocket sender = network.BindDatagram(new IPEndPoint(IPAddress.Loopback, 0), new Silent());
        byte[] payload = new byte[160];
        for (var round = 0; round < 400; round++)
        {
            var receiver = new Counting();
            IDatagramSocket socket = network.BindDatagram(new IPEndPoint(IPAddress.Loopback, 0), receiver);
            using var stop = new CancellationTokenSource();
            var flood = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    sender.Send(payload, socket.LocalEndPoint, null);
                }
            });
            flood.Start();
            SpinWait.SpinUntil(() => receiver.Count > 20, TimeSpan.FromSeconds(10));
            socket.Dispose();
            stop.Cancel();
            flood.Join();
        }
    }

    private readonly SystemNetwork _network = new();

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    [Theory]
    [InlineData("0.0.0.0:0", "127.0.0.1:0", "127.0.0.2")]
    [InlineData("0.0.0.0:0", "127.0.0.1:0", "127.0.0.1")]
    [InlineData("[::]:0", "[::1]:0", "::1")]
    public async Task Datagram_ToWildcard_IsAnsweredFromTheAddressItCameTo(string bind, string clientBind, string asked)
    {
        var (server, client) = (new HeardDatagrams(), new HeardDatagrams());
        using var serving = _network.BindDatagram(At(bind), server);
        using var calling = _network.BindDatagram(At(clientBind), client);
        var target = new IPEndPoint(IPAddress.Parse(asked), serving.LocalEndPoint.Port);
        calling.Send("ask"u8, target, null);
        await server.Until(() => server.Datagrams.Count == 1);
        var (text, remote, local) = server.Datagrams[0];
        Assert.Equal(("ask", calling.LocalEndPoint, target.Address), (text, remote, local));

        serving.Send("answer"u8, remote, local);
        await client.Until(() => client.Datagrams.Count == 1);
        Assert.Equal(("answer", target), (client.Datagrams[0].Text, client.Datagrams[0].Remote));
    }

    [Fact]
    public async Task Datagram_WildcardsOfBothVersions_ShareAPortAndNeverSeeMappedAddresses()
    {
        var (four, six) = (new HeardDatagrams(), new HeardDatagrams());
        using var socket6 = _network.BindDatagram(At("[::]:0"), six);
        using var socket4 = _network.BindDatagram(new IPEndPoint(IPAddress.Any, socket6.LocalEndPoint.Port), four);
        using var client = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        client.Send("4"u8, new IPEndPoint(IPAddress.Loopback, socket6.LocalEndPoint.Port), null);
        await four.Until(() => four.Datagrams.Count == 1);
        Assert.Equal(client.LocalEndPoint, four.Datagrams[0].Remote);
        Assert.Empty(six.Datagrams);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Datagram_ToClosedPort_IsReportedAndTheSocketGoesOn(string bind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ICMP errors are heard on Linux only.");
        var (heard, other) = (new HeardDatagrams(), new HeardDatagrams());
        using var socket = _network.BindDatagram(At(bind), heard);
        IPEndPoint nobody;
        using (var shortLived = _network.BindDatagram(At(bind), other))
        {
            nobody = shortLived.LocalEndPoint;
        }
        socket.Send("x"u8, nobody, null);
        await heard.Until(() => heard.Errors.Count > 0);
        Assert.Equal((nobody, SocketError.ConnectionRefused), heard.Errors[0]);
        using var peer = _network.BindDatagram(At(bind), other);
        for (var i = 0; i < 20; i++)
        {
            socket.Send("x"u8, nobody, null);
            socket.Send("y"u8, peer.LocalEndPoint, null);
        }
        await other.Until(() => other.Datagrams.Count == 20);
        await heard.Until(() => heard.Errors.Count == 21);
        Assert.All(heard.Errors, error => Assert.Equal(nobody, error.Remote));
    }

    [Fact]
    public void Send_WhatCannotLeave_SaysWhy()
    {
        using var socket = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        Assert.Equal(SocketError.MessageSize, socket.Send(new byte[70_000], At("127.0.0.1:9"), null));
        Assert.Equal(SocketError.AddressFamilyNotSupported, socket.Send("x"u8, At("[::1]:9"), null));
        Assert.NotNull(socket.Send("x"u8, At("127.0.0.1:9"), IPAddress.Parse("192.0.2.77")));
        socket.Dispose();
        Assert.Equal(SocketError.NotSocket, socket.Send("x"u8, At("127.0.0.1:9"), null));
    }

    [Fact]
    public void Bind_TakenPort_SaysSoAndDisposeFreesIt()
    {
        var first = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        Assert.Equal(SocketError.AddressAlreadyInUse,
            Assert.Throws<SocketException>(() => _network.BindDatagram(first.LocalEndPoint, new HeardDatagrams())).SocketErrorCode);
        first.Dispose();
        first.Dispose();
        _network.BindDatagram(first.LocalEndPoint, new HeardDatagrams()).Dispose();
        Assert.Equal(SocketError.AddressNotAvailable,
            Assert.Throws<SocketException>(() => _network.BindDatagram(At("192.0.2.77:0"), new HeardDatagrams())).SocketErrorCode);
    }

    [Fact]
    public async Task Dispose_FromInsideTheReceiver_EndsTheThreadAndFreesThePort()
    {
        var receiver = new DisposingReceiver();
        receiver.Socket = _network.BindDatagram(At("127.0.0.1:0"), receiver);
        var at = receiver.Socket.LocalEndPoint;
        receiver.Socket.Send("x"u8, at, null);
        await receiver.Done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        receiver.Thread!.Join();
        _network.BindDatagram(at, new HeardDatagrams()).Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Portable_SendAndReceive_Works(string bind)
    {
        PortableDatagramSocket Bind(IDatagramReceiver receiver)
        {
            var socket = new Socket(At(bind).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            PortableDatagramSocket.Prepare(socket);
            socket.Bind(At(bind));
            return new PortableDatagramSocket(socket, receiver);
        }
        var heard = new HeardDatagrams();
        using var server = Bind(heard);
        using var client = Bind(new HeardDatagrams());
        client.Send("x"u8, server.LocalEndPoint, null);
        await heard.Until(() => heard.Datagrams.Count == 1);
        Assert.Equal(("x", client.LocalEndPoint, server.LocalEndPoint.Address), heard.Datagrams[0]);
    }

    [Fact]
    public void LocalAddressTowards_Loopback_IsLoopback()
    {
        Assert.True(_network.Supports(IpVersion.V4));
        Assert.Equal(IPAddress.Loopback, _network.LocalAddressTowards(IPAddress.Loopback));
        Assert.Equal(IPAddress.IPv6Loopback, _network.LocalAddressTowards(IPAddress.IPv6Loopback));
    }

    private sealed class DisposingReceiver : IDatagramReceiver
    {
        public IDatagramSocket? Socket { get; set; }

        public Thread? Thread { get; private set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
            Thread = Thread.CurrentThread;
            Socket!.Dispose();
            Done.SetResult();
        }

        public void Unreachable(IPEndPoint remote, SocketError error) => Done.TrySetException(new SocketException((int)error));
    }

    private sealed class Silent : IDatagramReceiver
    {
        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
        }

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }
    }

    private sealed class Counting : IDatagramReceiver
    {
        public int Count;

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress) => Interlocked.Increment(ref Count);

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }
    }
}
