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

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Stream_Life_FromConnectToClose(string bind)
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = _network.ListenStream(At(bind), listener);
        using var connection = _network.ConnectStream(listening.LocalEndPoint.Address, listening.LocalEndPoint, client);
        Assert.True(connection.Send("early "u8));
        await listener.Until(() => listener.Accepted.Count == 1);
        var (accepted, heard) = listener.Accepted[0];
        await heard.Until(() => heard.Text.ToString() == "early ");
        Assert.Equal(connection.LocalEndPoint, accepted.RemoteEndPoint);
        Assert.True(accepted.Send("answer"u8));
        accepted.Close();
        await client.Until(() => client.Events.Contains("ended"));
        Assert.Equal("answer", client.Text.ToString());
        connection.Close();
        await client.Until(() => client.Events.Contains("closed"));
        await heard.Until(() => heard.Events.Contains("closed"));
        Assert.Equal(["connected", "ended", "closed"], client.Events);
        Assert.Equal(["closed"], heard.Events);
        Assert.False(connection.Send("x"u8));
    }

    [Fact]
    public async Task Stream_Megabytes_ArriveWholeThroughABoundedQueue()
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = _network.ListenStream(At("127.0.0.1:0"), listener);
        using var connection = _network.ConnectStream(null, listening.LocalEndPoint, client);
        await listener.Until(() => listener.Accepted.Count == 1);
        var heard = listener.Accepted[0].Heard;
        var piece = new byte[100_000];
        piece.AsSpan().Fill((byte)'x');
        for (var i = 1; i <= 30; i++)
        {
            Assert.True(connection.Send(piece));
            await heard.Until(() => heard.Text.Length == i * piece.Length);
        }
        connection.Close();
        await heard.Until(() => heard.Events.Contains("ended"));
        listener.Accepted[0].Connection.Close();
        await client.Until(() => client.Events.Contains("closed"));
    }

    [Fact]
    public async Task Stream_PeerThatDoesNotRead_OverflowsItsQueueAndIsClosed()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(At("127.0.0.1:0"));
        deaf.Listen();
        var client = new HeardStream();
        using var connection = _network.ConnectStream(null, (IPEndPoint)deaf.LocalEndPoint!, client);
        await client.Until(() => client.Events.Contains("connected"));
        var piece = new byte[60_000];
        var sent = 0;
        while (connection.Send(piece))
        {
            Assert.InRange(++sent, 0, 10_000);
        }
        await client.Until(() => client.Events.Count == 2);
        Assert.Equal("closed NoBufferSpaceAvailable", client.Events[1]);
    }

    [Fact]
    public async Task Stream_RefusedOrAborted_SaysSo()
    {
        var listener = new HeardStream();
        var listening = _network.ListenStream(At("127.0.0.1:0"), listener);
        var client = new HeardStream();
        _network.ConnectStream(null, listening.LocalEndPoint, client);
        await listener.Until(() => listener.Accepted.Count == 1);
        await client.Until(() => client.Events.Count == 1);
        listener.Accepted[0].Connection.Abort();
        await client.Until(() => client.Events.Count == 2);
        Assert.Equal("closed ConnectionReset", client.Events[1]);

        listening.Dispose();
        var refused = new HeardStream();
        _network.ConnectStream(null, listening.LocalEndPoint, refused);
        await refused.Until(() => refused.Events.Count == 1);
        Assert.Equal("closed ConnectionRefused", refused.Events[0]);

        var nowhere = new HeardStream();
        _network.ConnectStream(IPAddress.Parse("192.0.2.77"), At("127.0.0.1:9"), nowhere);
        await nowhere.Until(() => nowhere.Events.Count == 1);
        Assert.Equal("closed AddressNotAvailable", nowhere.Events[0]);

        using var again = _network.ListenStream(listening.LocalEndPoint, listener);
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
