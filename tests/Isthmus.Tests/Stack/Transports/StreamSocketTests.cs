// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>What stream sockets carry, and how they begin: those of Linux.</summary>
public sealed class LinuxStreamSocketTests() : StreamSocketTests(isPortable: false);

/// <summary>What stream sockets carry, and how they begin: those of other systems, here on this one.</summary>
public sealed class PortableStreamSocketTests() : StreamSocketTests(isPortable: true);

/// <summary>What stream sockets carry, and how they begin.</summary>
public abstract class StreamSocketTests(bool isPortable) : StreamScene(isPortable)
{
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

    private sealed class RefusingAcceptor : IStreamAcceptor
    {
        public IStreamReceiver? Accepted(IStreamConnection connection) => null;
    }
}
