// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>What only the stream sockets of Linux do, of which one thread waits for many.</summary>
public sealed class LinuxStreamTests() : StreamScene(isPortable: false)
{
    // What is sent during a batch leaves in one piece at its end.
    [Fact]
    public async Task Send_InABatch_IsOnePiece()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Gathered on Linux only.");
        var (accepted, heard, _, _) = await PairAsync();
        using (Network.Gather())
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(accepted.Send("0123456789"u8));
            }
        }
        await heard.Until(() => heard.Text.Length == 1000);
        Assert.Equal(1, heard.Pieces);
    }

    // A batch larger than the queue goes out bit by bit, as the peer takes it.
    [Fact]
    public async Task Send_MoreThanTheQueueInABatch_Leaves()
    {
        var (accepted, heard, _, _) = await PairAsync();
        using (Network.Gather())
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(accepted.Send(new byte[100_000]));
                Assert.True(SpinWait.SpinUntil(() => heard.Text.Length >= (i - 1) * 100_000, TimeSpan.FromSeconds(20)));
            }
        }
        await heard.Until(() => heard.Text.Length == 1_000_000);
    }

    // A file, say: the kernel has nothing to wait for there. The number is closed, and whoever listens hears the end.
    [Fact]
    public async Task Start_OnWhatCannotBeWaitedFor_IsHeardAsItsEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Waited for on Linux only.");
        var (loops, heard) = (new SocketLoops(1, new Gatherings()), new HeardStream());
        using var file = File.OpenHandle("/dev/null");
        var descriptor = new DescriptorHandle((int)file.DangerousGetHandle());
        file.SetHandleAsInvalid(); // it is the other's now
        var connection = LinuxStreamConnection.Accepted(descriptor, At("127.0.0.1:1"), At("127.0.0.1:2"), loops, new SystemNetworkOptions(), Time);
        connection.Start(heard);
        await heard.Until(() => heard.Events.Count == 1);
        Assert.Equal("closed AccessDenied", heard.Events[0]);
        Assert.False(connection.Send("x"u8));
        Assert.True(descriptor.IsClosed);
    }

    [Fact]
    public void Add_OfWhatCannotBeWaitedFor_GivesItsPlaceBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Waited for on Linux only.");
        using var file = File.OpenHandle("/dev/null");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var loop = new SocketLoop(new Gatherings(), "test");
        var first = loop.Add(new Silent(), socket.SafeHandle, 0);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => loop.Add(new Silent(), file, 1)).SocketErrorCode);
        }
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var second = loop.Add(new Silent(), other.SafeHandle, 0);
        Assert.Equal((uint)first + 1, (uint)second);
        loop.Remove(first, socket.SafeHandle);
        loop.Remove(second, other.SafeHandle);
    }

    [Fact]
    public async Task Echo_InSteadyState_AllocatesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Measured for the sockets of Linux.");
        var acceptor = new EchoingAcceptor();
        using var listening = Network.ListenStream(At("127.0.0.1:0"), acceptor);
        var peers = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            peers.Add(peer);
            await peer.ConnectAsync(listening.LocalEndPoint);
        }
        void Round(int times)
        {
            var buffer = new byte[600];
            for (var i = 0; i < times; i++)
            {
                peers.ForEach(peer => peer.Send(buffer));
                foreach (var peer in peers)
                {
                    for (var received = 0; received < buffer.Length;)
                    {
                        received += peer.Receive(buffer);
                    }
                }
            }
        }
        Round(50);
        var first = acceptor.Allocated;
        Round(100);
        Assert.InRange(acceptor.Allocated - first, 0, 32_768); // 800 messages; a buffer of 2 or 4 kB may be new to the pool
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task Peer_ThatHasEndedAndIsReset_IsNoticed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Noticed on Linux at once.");
        var listener = new HeardStream();
        using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(listening.LocalEndPoint);
        peer.Shutdown(SocketShutdown.Send);
        await listener.Until(() => listener.Accepted.Count == 1);
        var heard = listener.Accepted[0].Heard;
        await heard.Until(() => heard.Events.Count == 1);
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
        await heard.Until(() => heard.Events.Count == 2);
        Assert.Equal(["ended", "closed Shutdown"], heard.Events); // EPIPE, which is what the kernel calls it then
    }

    private sealed class EchoingAcceptor : IStreamAcceptor
    {
        private readonly ConcurrentDictionary<int, long> _allocated = new();

        /// <summary>Bytes that the threads which receive have allocated so far.</summary>
        public long Allocated => _allocated.Values.Sum();

        public IStreamReceiver? Accepted(IStreamConnection connection) => new Echoing(this, connection);

        private sealed class Echoing(EchoingAcceptor acceptor, IStreamConnection connection) : IStreamReceiver
        {
            public void Connected()
            {
            }

            public void Received(ReadOnlySpan<byte> bytes)
            {
                connection.Send(bytes);
                acceptor._allocated[Environment.CurrentManagedThreadId] = GC.GetAllocatedBytesForCurrentThread();
            }

            public void Ended() => connection.Close();

            public void Closed(SocketError? reason)
            {
            }
        }
    }

    private sealed class Silent : IPolled
    {
        public void OnReady(uint events, ReadBuffers buffers)
        {
        }

        public void OnFault(Exception fault)
        {
        }
    }
}
