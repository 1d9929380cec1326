// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Datagrams that one thread gathers and sends together, on loopback sockets of both versions.</summary>
public sealed class GatherTests
{
    private readonly SystemNetwork _network = new();

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Batch_AtItsEnd_SendsAllInOrder(string bind)
    {
        var heard = new HeardDatagrams();
        using var server = _network.BindDatagram(At(bind), heard);
        using var client = _network.BindDatagram(At(bind), new HeardDatagrams());
        using (_network.Gather())
        {
            // More than fit in one system call; one buffer for all, which is free again when the call returns.
            var payload = new byte[3];
            for (var i = 100; i < 300; i++)
            {
                Encoding.UTF8.GetBytes($"{i}", payload);
                Assert.Null(client.Send(payload, server.LocalEndPoint, null));
            }
        }
        await heard.Until(() => heard.Datagrams.Count == 200);
        Assert.Equal(Enumerable.Range(100, 200).Select(i => $"{i}"), heard.Datagrams.Select(datagram => datagram.Text));
        Assert.All(heard.Datagrams, datagram => Assert.Equal(client.LocalEndPoint, datagram.Remote));
    }

    [Fact]
    public async Task Batch_InsideABatch_SendsAtTheEndOfTheOuterOne()
    {
        var heard = new HeardDatagrams();
        using var server = _network.BindDatagram(At("127.0.0.1:0"), heard);
        using var client = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        using (_network.Gather())
        {
            using (_network.Gather())
            {
                client.Send("gathered"u8, server.LocalEndPoint, null);
            }
            // Another thread has no batch: what it sends overtakes.
            var other = new Thread(() => client.Send("at once"u8, server.LocalEndPoint, null));
            other.Start();
            other.Join();
        }
        await heard.Until(() => heard.Datagrams.Count == 2);
        Assert.Equal(["at once", "gathered"], heard.Datagrams.Select(datagram => datagram.Text));
    }

    [Fact]
    public async Task Batch_OverManySocketsOfBothVersions_ReachesAll()
    {
        var heard = new HeardDatagrams();
        using var server4 = _network.BindDatagram(At("127.0.0.1:0"), heard);
        using var server6 = _network.BindDatagram(At("[::1]:0"), heard);
        var clients = Enumerable.Range(0, 12).Select(i => _network.BindDatagram(At(i % 2 == 0 ? "127.0.0.1:0" : "[::1]:0"), new HeardDatagrams())).ToList();
        using (_network.Gather())
        {
            foreach (var client in clients)
            {
                var server = client.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? server4 : server6;
                Assert.Null(client.Send("x"u8, server.LocalEndPoint, null));
            }
        }
        await heard.Until(() => heard.Datagrams.Count == clients.Count);
        Assert.Equal(clients.Select(client => client.LocalEndPoint).ToHashSet(), heard.Datagrams.Select(datagram => datagram.Remote).ToHashSet());
        clients.ForEach(client => client.Dispose());
    }

    // A place for the ninth is that of the first, whose datagrams leave for it; none is sent alone.
    [Fact]
    public void Batch_OverMoreSocketsThanThereArePlaces_StillGathers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Gathered on Linux only.");
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(At("127.0.0.1:0"));
        var clients = Enumerable.Range(0, 12).Select(_ => _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams())).ToList();
        using (_network.Gather())
        {
            foreach (var client in clients)
            {
                client.Send("1"u8, (IPEndPoint)server.LocalEndPoint!, null);
                client.Send("2"u8, (IPEndPoint)server.LocalEndPoint!, null);
            }
            Assert.Equal(clients[..4].SelectMany(client => (string[])[$"{client.LocalEndPoint.Port} 1", $"{client.LocalEndPoint.Port} 2"]), Drain(server));
        }
        Assert.Equal(clients[8..].Concat(clients[4..8]).SelectMany(client => (string[])[$"{client.LocalEndPoint.Port} 1", $"{client.LocalEndPoint.Port} 2"]), Drain(server));
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("0.0.0.0:0", "127.0.0.1:0", "127.0.0.2")]
    [InlineData("[::]:0", "[::1]:0", "::1")]
    public async Task Batch_OfAWildcard_LeavesFromTheChosenSource(string bind, string clientBind, string source)
    {
        var heard = new HeardDatagrams();
        using var server = _network.BindDatagram(At(bind), new HeardDatagrams());
        using var client = _network.BindDatagram(At(clientBind), heard);
        using (_network.Gather())
        {
            server.Send("chosen"u8, client.LocalEndPoint, IPAddress.Parse(source));
            server.Send("routed"u8, client.LocalEndPoint, null);
        }
        await heard.Until(() => heard.Datagrams.Count == 2);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(source), server.LocalEndPoint.Port), heard.Datagrams[0].Remote);
        Assert.Equal(client.LocalEndPoint.Address, heard.Datagrams[1].Remote.Address);
    }

    [Fact]
    public void Send_WhatCannotLeave_SaysWhyAtOnceWhereItIsKnown()
    {
        using var socket = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        using (_network.Gather())
        {
            Assert.Equal(SocketError.MessageSize, socket.Send(new byte[65508], At("127.0.0.1:9"), null));
            Assert.Equal(SocketError.AddressFamilyNotSupported, socket.Send("x"u8, At("[::1]:9"), null));
            socket.Dispose();
            Assert.Equal(SocketError.NotSocket, socket.Send("x"u8, At("127.0.0.1:9"), null));
        }
    }

    // One of them fails in the kernel: its sender is told, the others go on.
    [Fact]
    public async Task Batch_WithARefusedDatagram_TellsItAndSendsTheOthers()
    {
        var (heard, told) = (new HeardDatagrams(), new HeardDatagrams());
        using var server = _network.BindDatagram(At("127.0.0.1:0"), heard);
        using var client = _network.BindDatagram(At("127.0.0.1:0"), told);
        var nowhere = At("127.0.0.1:9");
        using (_network.Gather())
        {
            client.Send("first"u8, server.LocalEndPoint, null);
            Assert.Null(client.Send("lost"u8, nowhere, IPAddress.Parse("192.0.2.77"))); // not an address of this host
            client.Send("last"u8, server.LocalEndPoint, null);
        }
        await heard.Until(() => heard.Datagrams.Count == 2);
        Assert.Equal(["first", "last"], heard.Datagrams.Select(datagram => datagram.Text));
        await told.Until(() => told.Errors.Count == 1);
        Assert.Equal(nowhere, told.Errors[0].Remote);
    }

    // What the told one sends in answer leaves too, although the batch is just ending.
    [Fact]
    public async Task Refused_AnsweredFromInsideTheEnd_LeavesToo()
    {
        var heard = new HeardDatagrams();
        using var server = _network.BindDatagram(At("127.0.0.1:0"), heard);
        var answering = new AnsweringReceiver(server.LocalEndPoint);
        using var client = answering.Socket = _network.BindDatagram(At("127.0.0.1:0"), answering);
        using (_network.Gather())
        {
            for (var i = 0; i < 100; i++)
            {
                client.Send("lost"u8, At("127.0.0.1:9"), IPAddress.Parse("192.0.2.77"));
            }
        }
        await heard.Until(() => heard.Datagrams.Count == 100);
    }

    [Fact]
    public async Task Batch_WithAnIcmpErrorWaiting_LosesNothing()
    {
        var (heard, told) = (new HeardDatagrams(), new HeardDatagrams());
        using var server = _network.BindDatagram(At("127.0.0.1:0"), heard);
        using var client = _network.BindDatagram(At("127.0.0.1:0"), told);
        IPEndPoint nobody;
        using (var shortLived = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams()))
        {
            nobody = shortLived.LocalEndPoint;
        }
        using (_network.Gather())
        {
            for (var i = 0; i < 50; i++)
            {
                client.Send("x"u8, nobody, null);
                client.Send("y"u8, server.LocalEndPoint, null);
            }
        }
        await heard.Until(() => heard.Datagrams.Count == 50);
        await told.Until(() => told.Errors.Count > 0);
        Assert.All(told.Errors, error => Assert.Equal((nobody, SocketError.ConnectionRefused), error));
    }

    [Fact]
    public void Batch_OfAClosedSocket_IsDropped()
    {
        var told = new HeardDatagrams();
        using var server = _network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        var client = _network.BindDatagram(At("127.0.0.1:0"), told);
        using (_network.Gather())
        {
            client.Send("x"u8, server.LocalEndPoint, null);
            client.Dispose();
        }
        Assert.Empty(told.Errors);
        _network.BindDatagram(client.LocalEndPoint, told).Dispose();
    }

    // On loopback a datagram is there when the call that sent it returns.
    private static List<string> Drain(Socket socket)
    {
        var (all, payload) = (new List<string>(), new byte[16]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (socket.Available > 0)
        {
            var length = socket.ReceiveFrom(payload, ref from);
            all.Add($"{((IPEndPoint)from).Port} {Encoding.UTF8.GetString(payload, 0, length)}");
        }
        return all;
    }

    private sealed class AnsweringReceiver(IPEndPoint to) : IDatagramReceiver
    {
        public IDatagramSocket? Socket { get; set; }

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
        }

        public void Unreachable(IPEndPoint remote, SocketError error) => Socket!.Send("answer"u8, to, null);
    }
}
