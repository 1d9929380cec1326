// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Transports;

public sealed class MemoryNetworkTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SimulatedTime _time = new();
    private readonly MemoryNetwork _network;
    private readonly MemoryHost _dual;
    private readonly MemoryHost _four;

    public MemoryNetworkTests()
    {
        _network = new MemoryNetwork(_time);
        _dual = _network.Host("T5", "10.0.0.5", "2001:db8::5");
        _four = _network.Host("T6", "10.0.0.6");
    }

    public void Dispose() => _network.Dispose();

    private static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    [Fact]
    public void Bind_VersionThatTheHostLacks_IsAddressFamilyNotSupported()
    {
        Assert.False(_four.Supports(IpVersion.V6));
        var error = Assert.Throws<SocketException>(() => _four.BindDatagram(At("[::]:5060"), new HeardDatagrams()));
        Assert.Equal(SocketError.AddressFamilyNotSupported, error.SocketErrorCode);
        Assert.Null(_four.LocalAddressTowards(IPAddress.Parse("2001:db8::5")));
    }

    [Fact]
    public void Bind_TakenPortOrForeignAddress_Fails()
    {
        using var socket = _dual.BindDatagram(At("0.0.0.0:5060"), new HeardDatagrams());
        Assert.Equal(SocketError.AddressAlreadyInUse,
            Assert.Throws<SocketException>(() => _dual.BindDatagram(At("10.0.0.5:5060"), new HeardDatagrams())).SocketErrorCode);
        Assert.Equal(SocketError.AddressNotAvailable,
            Assert.Throws<SocketException>(() => _dual.BindDatagram(At("10.0.0.77:5060"), new HeardDatagrams())).SocketErrorCode);
        using var six = _dual.BindDatagram(At("[::]:5060"), new HeardDatagrams());
        socket.Dispose();
        using var again = _dual.BindDatagram(At("10.0.0.5:5060"), new HeardDatagrams());
        Assert.Equal(2, _dual.Bound);
    }

    [Fact]
    public void Datagram_ToWildcard_TellsTheAddressItCameTo()
    {
        var heard = new HeardDatagrams();
        using var server = _dual.BindDatagram(At("0.0.0.0:5060"), heard);
        using var client = _four.BindDatagram(At("10.0.0.6:0"), new HeardDatagrams());
        client.Send("hello"u8, At("10.0.0.5:5060"), null);
        Assert.Empty(heard.Datagrams);
        _time.Advance(Second);
        var (text, remote, local) = Assert.Single(heard.Datagrams);
        Assert.Equal(("hello", client.LocalEndPoint, IPAddress.Parse("10.0.0.5")), (text, remote, local));
        Assert.Equal("hello", Assert.Single(_network.Capture).FirstLine);
    }

    [Fact]
    public void Datagram_ToUnboundPort_IsReportedToTheSender()
    {
        var heard = new HeardDatagrams();
        using var client = _four.BindDatagram(At("10.0.0.6:0"), heard);
        client.Send("x"u8, At("10.0.0.5:5060"), null);
        client.Send("x"u8, At("10.0.0.99:5060"), null);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([(At("10.0.0.5:5060"), SocketError.ConnectionRefused), (At("10.0.0.99:5060"), SocketError.HostUnreachable)], heard.Errors);
    }

    [Theory]
    [InlineData(0.3, 0, 0)]
    [InlineData(0, 0.3, 0)]
    [InlineData(0, 0, 0.3)]
    public void Datagrams_WithFaults_SufferThemTheSameWayEveryTime(double loss, double duplication, double reordering)
    {
        var first = Send100(loss, duplication, reordering, seed: 7);
        Assert.Equal(first, Send100(loss, duplication, reordering, seed: 7));
        Assert.NotEqual(first, Send100(loss, duplication, reordering, seed: 8));
        Assert.Equal(loss > 0, first.Distinct().Count() < 100);
        Assert.Equal(duplication > 0, first.Distinct().Count() < first.Count);
        Assert.Equal(reordering > 0, !first.SequenceEqual(first.Order()));
    }

    private static List<int> Send100(double loss, double duplication, double reordering, int seed)
    {
        var time = new SimulatedTime();
        var network = new MemoryNetwork(time, seed) { Faults = { Loss = loss, Duplication = duplication, Reordering = reordering } };
        var heard = new HeardDatagrams();
        using var to = network.Host("b", "10.0.0.2").BindDatagram(At("10.0.0.2:9"), heard);
        using var from = network.Host("a", "10.0.0.1").BindDatagram(At("10.0.0.1:9"), new HeardDatagrams());
        for (var i = 0; i < 100; i++)
        {
            from.Send([(byte)('0' + (i / 10)), (byte)('0' + (i % 10))], to.LocalEndPoint, null);
            time.Advance(TimeSpan.FromMilliseconds(2));
        }
        time.Advance(Second);
        return [.. heard.Datagrams.Select(datagram => int.Parse(datagram.Text, null))];
    }

    [Fact]
    public void Blackhole_OfOneVersion_LeavesTheOther()
    {
        var heard = new HeardDatagrams();
        using var four = _dual.BindDatagram(At("10.0.0.5:9"), heard);
        using var six = _dual.BindDatagram(At("[2001:db8::5]:9"), heard);
        _network.Faults.Blackhole = IpVersions.V6;
        four.Send("4"u8, four.LocalEndPoint, null);
        six.Send("6"u8, six.LocalEndPoint, null);
        _time.Advance(Second);
        Assert.Equal("4", Assert.Single(heard.Datagrams).Text);
        Assert.Equal([Fate.Sent, Fate.Lost], _network.Capture.Select(sent => sent.Fate));
    }

    [Fact]
    public void Stream_Life_FromConnectToClose()
    {
        var listener = new HeardStream();
        using var listening = _dual.ListenStream(At("0.0.0.0:5060"), listener);
        var client = new HeardStream();
        var connection = _four.ConnectStream(null, At("10.0.0.5:5060"), client);
        Assert.True(connection.Send("early "u8));
        _time.Advance(Second);
        Assert.True(connection.Send("late"u8));
        _time.Advance(Second);
        var (accepted, heard) = Assert.Single(listener.Accepted);
        Assert.Equal(At("10.0.0.5:5060"), accepted.LocalEndPoint);
        Assert.Equal("early late", heard.Text.ToString());
        Assert.True(accepted.Send("answer"u8));
        accepted.Close();
        _time.Advance(Second);
        Assert.Equal("answer", client.Text.ToString());
        Assert.Equal(["connected", "ended"], client.Events);
        Assert.Equal(["closed"], heard.Events);
        connection.Close();
        _time.Advance(Second);
        Assert.Equal(["connected", "ended", "closed"], client.Events);
        Assert.False(connection.Send("x"u8));
    }

    [Fact]
    public void Stream_HalfClosed_StillCarriesTheAnswer()
    {
        var listener = new HeardStream();
        using var listening = _dual.ListenStream(At("10.0.0.5:5060"), listener);
        var client = new HeardStream();
        var connection = (MemoryConnection)_four.ConnectStream(null, At("10.0.0.5:5060"), client);
        connection.Send("ask"u8);
        connection.EndSending();
        _time.Advance(Second);
        var (accepted, heard) = Assert.Single(listener.Accepted);
        Assert.Equal(["ended"], heard.Events);
        accepted.Send("answer"u8);
        accepted.Close();
        _time.Advance(Second);
        Assert.Equal("answer", client.Text.ToString());
    }

    [Fact]
    public void Stream_RefusedTimedOutOrReset_SaysSo()
    {
        var refused = new HeardStream();
        _four.ConnectStream(null, At("10.0.0.5:5060"), refused);
        _time.Advance(Second);
        Assert.Equal(["closed ConnectionRefused"], refused.Events);

        var nobody = new HeardStream();
        _four.ConnectStream(null, At("10.0.0.99:5060"), nobody);
        _time.Advance(_network.ConnectPatience + Second);
        Assert.Equal(["closed TimedOut"], nobody.Events);

        var listener = new HeardStream();
        using var listening = _dual.ListenStream(At("10.0.0.5:5060"), listener);
        var reset = new HeardStream();
        _four.ConnectStream(null, At("10.0.0.5:5060"), reset);
        _time.Advance(Second);
        _network.ResetStreams(_four, _dual);
        _time.Advance(Second);
        Assert.Equal(["connected", "closed ConnectionReset"], reset.Events);
        Assert.Equal(["closed ConnectionReset"], listener.Accepted[0].Heard.Events);
    }

    [Fact]
    public void Stream_LossyAndInPieces_KeepsOrderAndLosesNothing()
    {
        _network.Faults.Loss = 0.3;
        _network.Faults.StreamPiece = 1;
        var listener = new HeardStream();
        using var listening = _dual.ListenStream(At("10.0.0.5:5060"), listener);
        var connection = _four.ConnectStream(null, At("10.0.0.5:5060"), new HeardStream());
        for (var i = 0; i < 50; i++)
        {
            connection.Send([(byte)('A' + (i % 26))]);
            connection.Send("xyz"u8);
        }
        _time.Advance(TimeSpan.FromMinutes(5));
        var heard = listener.Accepted[0].Heard;
        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"{(char)('A' + (i % 26))}xyz")), heard.Text.ToString());
        Assert.Equal(200, heard.Pieces);
    }

    [Fact]
    public void Stream_PeerThatNeverReads_FillsTheQueueAndCloses()
    {
        var listener = new HeardStream();
        using var listening = _dual.ListenStream(At("10.0.0.5:5060"), listener);
        var client = new HeardStream();
        var connection = _four.ConnectStream(null, At("10.0.0.5:5060"), client);
        _time.Advance(Second);
        _network.Faults.Blackhole = IpVersions.Both;
        var sent = 0;
        while (connection.Send(new byte[10_000]))
        {
            Assert.InRange(++sent, 1, 1000);
        }
        _time.Advance(Second);
        Assert.Equal(["connected", "closed NoBufferSpaceAvailable"], client.Events);
    }

    [Fact]
    public void World_HourOfSilence_CostsNothingAndRunsInOrder()
    {
        using var world = new World();
        var order = new List<int>();
        world.Run(async () =>
        {
            var long1 = world.Delay(TimeSpan.FromHours(2)).ContinueWith(_ => order.Add(3), TaskScheduler.FromCurrentSynchronizationContext());
            await world.Delay(TimeSpan.FromHours(1));
            order.Add(1);
            await Task.Yield();
            order.Add(2);
            await long1;
        }, TimeSpan.FromHours(3));
        Assert.Equal([1, 2, 3], order);
    }

    [Fact]
    public void World_ScenarioThatCannotEnd_SaysWhy()
    {
        using var world = new World();
        Assert.Contains("no timer, packet or continuation", Assert.Throws<TimeoutException>(() => world.Run(() => new TaskCompletionSource().Task)).Message, StringComparison.Ordinal);
        Assert.Contains("was not done after 00:00:01",
            Assert.Throws<TimeoutException>(() => world.Run(() => world.Delay(TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(1))).Message, StringComparison.Ordinal);
    }
}
