// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>The thread that waits for all sockets of a network.</summary>
public sealed class SocketLoopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SystemNetwork _network = new(new SystemNetworkOptions { Threads = 1 });

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    [Fact]
    public void Sockets_OfBothVersionsAndTransports_HaveOneThread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere each UDP socket has a thread of its own.");
        var receiver = new Calling();
        using var socket4 = _network.BindDatagram(At("127.0.0.1:0"), receiver);
        using var socket6 = _network.BindDatagram(At("[::1]:0"), receiver);
        using var listener = _network.ListenStream(At("[::1]:0"), receiver);
        socket4.Send("x"u8, socket4.LocalEndPoint, null);
        socket6.Send("x"u8, socket6.LocalEndPoint, null);
        using var client = new TcpClient(AddressFamily.InterNetworkV6);
        client.Connect(listener.LocalEndPoint);
        Assert.True(SpinWait.SpinUntil(() => receiver.Threads.Count == 3, Limit));
        Assert.Single(receiver.Threads.Distinct());
    }

    [Fact]
    public void Dispose_WhileItsReceiverIsCalled_WaitsForTheCall()
    {
        using var called = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var isOver = false;
        var receiver = new Calling
        {
            OnReceived = () =>
            {
                called.Set();
                goOn.Wait(Limit);
                Volatile.Write(ref isOver, true);
            },
        };
        var socket = _network.BindDatagram(At("127.0.0.1:0"), receiver);
        socket.Send("x"u8, socket.LocalEndPoint, null);
        Assert.True(called.Wait(Limit));
        var wasOver = false;
        var closing = new Thread(() =>
        {
            socket.Dispose();
            wasOver = Volatile.Read(ref isOver);
        });
        closing.Start();
        Assert.True(SpinWait.SpinUntil(() => closing.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Limit));
        goOn.Set();
        Assert.True(closing.Join(Limit));
        Assert.True(wasOver);
    }

    // It neither waits for itself nor ends the thread, which serves another socket too.
    [Fact]
    public async Task Dispose_FromItsOwnReceiver_LeavesTheThreadToTheOthers()
    {
        var (heard, closing) = (new HeardDatagrams(), new Calling());
        using var other = _network.BindDatagram(At("[::1]:0"), heard);
        var socket = _network.BindDatagram(At("127.0.0.1:0"), closing);
        closing.OnReceived = socket.Dispose;
        using (_network.Gather())
        {
            socket.Send("x"u8, socket.LocalEndPoint, null);
            socket.Send("y"u8, socket.LocalEndPoint, null);
        }
        Assert.True(SpinWait.SpinUntil(() => socket.Send("z"u8, socket.LocalEndPoint, null) == SocketError.NotSocket, Limit));
        other.Send("still here"u8, other.LocalEndPoint, null);
        await heard.Until(() => heard.Datagrams.Count == 1);
        Assert.Single(closing.Threads);
        _network.BindDatagram(socket.LocalEndPoint, heard).Dispose(); // its port is free
    }

    private sealed class Calling : IDatagramReceiver, IStreamAcceptor
    {
        public ConcurrentQueue<int> Threads { get; } = new();

        public Action OnReceived { get; set; } = static () => { };

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress)
        {
            Threads.Enqueue(Environment.CurrentManagedThreadId);
            OnReceived();
        }

        public void Unreachable(IPEndPoint remote, SocketError error)
        {
        }

        public IStreamReceiver? Accepted(IStreamConnection connection)
        {
            Threads.Enqueue(Environment.CurrentManagedThreadId);
            return null;
        }
    }
}
