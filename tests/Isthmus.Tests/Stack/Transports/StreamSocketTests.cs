// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>The stream sockets of Linux: one thread waits for many.</summary>
public sealed class LinuxStreamTests() : StreamSocketTests(isPortable: false)
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
}

/// <summary>The stream sockets of other systems, here on this one.</summary>
public sealed class PortableStreamTests() : StreamSocketTests(isPortable: true);

/// <summary>Real stream sockets on the loopback addresses of both versions, with ports that the kernel chooses.</summary>
public abstract class StreamSocketTests(bool isPortable)
{
    private readonly FakeTimeProvider _time = new();
    private SystemNetwork? _network;

    protected SystemNetwork Network => _network ??= new SystemNetwork(null, _time) { IsPortable = isPortable };

    protected static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    /// <summary>Two connected ends: what each hears is the other one's bytes.</summary>
    protected async Task<(IStreamConnection Accepted, HeardStream ClientHeard, IStreamConnection Client, HeardStream AcceptedHeard)> PairAsync()
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        var connection = Network.ConnectStream(null, listening.LocalEndPoint, client);
        await listener.Until(() => listener.Accepted.Count == 1);
        await client.Until(() => client.Events.Count == 1);
        var (accepted, heard) = listener.Accepted[0];
        return (accepted, client, connection, heard);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Life_FromConnectToClose(string bind)
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = Network.ListenStream(At(bind), listener);
        using var connection = Network.ConnectStream(listening.LocalEndPoint.Address, listening.LocalEndPoint, client);
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
    public async Task Megabytes_ArriveWholeThroughABoundedQueue()
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        using var connection = Network.ConnectStream(null, listening.LocalEndPoint, client);
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
    public async Task PeerThatDoesNotRead_OverflowsItsQueueAndIsClosed()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(At("127.0.0.1:0"));
        deaf.Listen();
        var client = new HeardStream();
        using var connection = Network.ConnectStream(null, (IPEndPoint)deaf.LocalEndPoint!, client);
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
    public async Task RefusedOrAborted_SaysSo()
    {
        var listener = new HeardStream();
        var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        var client = new HeardStream();
        Network.ConnectStream(null, listening.LocalEndPoint, client);
        await listener.Until(() => listener.Accepted.Count == 1);
        await client.Until(() => client.Events.Count == 1);
        listener.Accepted[0].Connection.Abort();
        await client.Until(() => client.Events.Count == 2);
        Assert.Equal("closed ConnectionReset", client.Events[1]);

        listening.Dispose();
        var refused = new HeardStream();
        Network.ConnectStream(null, listening.LocalEndPoint, refused);
        await refused.Until(() => refused.Events.Count == 1);
        Assert.Equal("closed ConnectionRefused", refused.Events[0]);

        var nowhere = new HeardStream();
        Network.ConnectStream(IPAddress.Parse("192.0.2.77"), At("127.0.0.1:9"), nowhere);
        await nowhere.Until(() => nowhere.Events.Count == 1);
        Assert.Equal("closed AddressNotAvailable", nowhere.Events[0]);

        using var again = Network.ListenStream(listening.LocalEndPoint, listener);
    }

    [Fact]
    public async Task Close_WithBytesQueued_SendsThemAndThenTheEnd()
    {
        var (accepted, heard, client, acceptedHeard) = await PairAsync();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(accepted.Send(new byte[100_000]));
        }
        accepted.Close();
        Assert.False(accepted.Send("x"u8));
        await heard.Until(() => heard.Events.Contains("ended"));
        Assert.Equal(200_000, heard.Text.Length);
        client.Close();
        await heard.Until(() => heard.Events.Count == 3);
        await acceptedHeard.Until(() => acceptedHeard.Events.Count == 1);
        Assert.Equal("closed", heard.Events[2]);
        Assert.Equal("closed", acceptedHeard.Events[0]);
    }

    [Fact]
    public async Task Close_OfAPeerThatNeverCloses_IsCutOffInTime()
    {
        var (accepted, heard, client, acceptedHeard) = await PairAsync();
        accepted.Close();
        await heard.Until(() => heard.Events.Contains("ended"));
        Assert.True(client.Send("thrown away"u8));
        Assert.Empty(acceptedHeard.Events);
        _time.Advance(TimeSpan.FromSeconds(6));
        await acceptedHeard.Until(() => acceptedHeard.Events.Count == 1);
        Assert.Equal("closed", acceptedHeard.Events[0]);
        Assert.Equal(0, acceptedHeard.Text.Length);
        client.Close();
        await heard.Until(() => heard.Events.Count == 3);
    }

    [Fact]
    public async Task Ended_ByThePeer_StillTakesAnAnswer()
    {
        var listener = new HeardStream();
        using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(listening.LocalEndPoint);
        await peer.SendAsync("ask"u8.ToArray());
        peer.Shutdown(SocketShutdown.Send);
        await listener.Until(() => listener.Accepted.Count == 1);
        var (connection, heard) = listener.Accepted[0];
        await heard.Until(() => heard.Events.Count == 1);
        Assert.True(connection.Send("answer"u8));
        var buffer = new byte[16];
        Assert.Equal(6, await peer.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)));
        connection.Close();
        await heard.Until(() => heard.Events.Count == 2);
        Assert.Equal(0, await peer.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(["ended", "closed"], heard.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connecting_GivenUp_SaysClosedOnce(bool abort)
    {
        // A full backlog takes no more connections: those to it stay under way.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(At("127.0.0.1:0"));
        full.Listen(0);
        var tried = new List<(IStreamConnection Connection, HeardStream Heard)>();
        for (var i = 0; i < 8; i++)
        {
            var heard = new HeardStream();
            tried.Add((Network.ConnectStream(null, (IPEndPoint)full.LocalEndPoint!, heard), heard));
            tried[i].Connection.Send("early"u8);
        }
        foreach (var (connection, _) in tried)
        {
            if (abort)
            {
                connection.Abort();
            }
            else
            {
                connection.Close();
            }
        }
        full.Dispose();
        foreach (var (_, heard) in tried)
        {
            await heard.Until(() => heard.Events.Count > 0 && heard.Events[^1].StartsWith("closed", StringComparison.Ordinal));
            Assert.Single(heard.Events, told => told.StartsWith("closed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Refused_ByTheAcceptor_IsReset()
    {
        var refusing = new RefusingAcceptor();
        using var listening = Network.ListenStream(At("127.0.0.1:0"), refusing);
        var client = new HeardStream();
        using var connection = Network.ConnectStream(null, listening.LocalEndPoint, client);
        await client.Until(() => client.Events.Count > 0 && client.Events[^1] != "connected");
        Assert.Equal("closed ConnectionReset", client.Events[^1]);
    }

    // Many ends that many threads send by, close and reset: each is told its end once, and then the threads of the network have nothing left.
    [Fact]
    public async Task Connections_ClosedByAnybodyAtAnyTime_EndOnce()
    {
        const int Count = 60;
        for (var round = 0; round < 5; round++)
        {
            var listener = new HeardStream();
            using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
            var clients = Enumerable.Range(0, Count).Select(_ => new HeardStream()).ToList();
            var connections = clients.ConvertAll(client => Network.ConnectStream(null, listening.LocalEndPoint, client));
            await listener.Until(() => listener.Accepted.Count == Count);
            var threads = Enumerable.Range(0, 3).Select(t => new Thread(() =>
            {
                for (var i = 0; i < Count; i++)
                {
                    var mine = connections[(i + (t * 20)) % Count];
                    var theirs = listener.Accepted[(i + (t * 20)) % Count].Connection;
                    using (Network.Gather())
                    {
                        mine.Send("some bytes"u8);
                        theirs.Send("some more"u8);
                        if (t == 1)
                        {
                            mine.Close();
                        }
                        else if (t == 2 && i % 3 == 0)
                        {
                            theirs.Abort();
                        }
                        else if (t == 2)
                        {
                            theirs.Close();
                        }
                    }
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            foreach (var heard in clients.Concat(listener.Accepted.Select(accepted => accepted.Heard)))
            {
                await heard.Until(() => heard.Events.Count > 0 && heard.Events[^1].StartsWith("closed", StringComparison.Ordinal));
                Assert.Single(heard.Events, told => told.StartsWith("closed", StringComparison.Ordinal));
            }
        }
    }

    // From inside its own calls; the end comes after them, never inside.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_FromInsideReceived_ComesAfterIt(bool abort)
    {
        var acceptor = new EndingAcceptor(abort);
        using var listening = Network.ListenStream(At("127.0.0.1:0"), acceptor);
        var client = new HeardStream();
        using var connection = Network.ConnectStream(null, listening.LocalEndPoint, client);
        connection.Send("go"u8);
        await client.Until(() => client.Events.Count >= 2);
        connection.Close();
        Assert.False(await acceptor.ClosedInside.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private sealed class RefusingAcceptor : IStreamAcceptor
    {
        public IStreamReceiver? Accepted(IStreamConnection connection) => null;
    }

    private sealed class EndingAcceptor(bool abort) : IStreamAcceptor, IStreamReceiver
    {
        private IStreamConnection? _connection;
        private bool _inside;

        public TaskCompletionSource<bool> ClosedInside { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IStreamReceiver? Accepted(IStreamConnection connection)
        {
            _connection = connection;
            return this;
        }

        public void Connected()
        {
        }

        public void Received(ReadOnlySpan<byte> bytes)
        {
            _inside = true;
            if (abort)
            {
                _connection!.Abort();
            }
            else
            {
                _connection!.Close();
            }
            _inside = false;
        }

        public void Ended()
        {
        }

        public void Closed(SocketError? reason) => ClosedInside.SetResult(_inside);
    }
}
