// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>How stream sockets end: those of Linux.</summary>
public sealed class LinuxStreamEndTests() : StreamEndTests(isPortable: false);

/// <summary>How stream sockets end: those of other systems, here on this one.</summary>
public sealed class PortableStreamEndTests() : StreamEndTests(isPortable: true);

/// <summary>How stream sockets end.</summary>
public abstract class StreamEndTests(bool isPortable) : StreamScene(isPortable)
{
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
        Time.Advance(TimeSpan.FromSeconds(6));
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
