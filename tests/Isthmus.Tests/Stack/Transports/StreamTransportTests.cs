// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using static Isthmus.Tests.Stack.Transports.TransportEnd;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Connections: reuse, limits, long requests and what happens when a connection is gone, on a simulated network.</summary>
public sealed class StreamTransportTests : IDisposable
{
    private const string ServerAt = "192.0.2.1:5060";
    private const string Via = "SIP/2.0/TCP 192.0.2.5:5060;branch=z9hG4bK1;rport";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SimulatedTime _time = new();
    private readonly MemoryNetwork _network;
    private readonly MemoryHost _serverHost;
    private readonly MemoryHost _clientHost;
    private readonly List<TransportEnd> _open = [];

    public StreamTransportTests()
    {
        _network = new MemoryNetwork(_time);
        _serverHost = _network.Host("S1", "192.0.2.1", "2001:db8::1");
        _clientHost = _network.Host("T5", "192.0.2.5", "2001:db8::5");
    }

    public void Dispose()
    {
        _open.ForEach(end => end.Dispose());
        _network.Dispose();
    }

    private TransportEnd Open(MemoryHost host, TransportOptions? options = null)
    {
        var end = new TransportEnd(host, _time, (options ?? new TransportOptions()) with { Listeners = [Udp("0.0.0.0"), Udp("::"), Tcp("0.0.0.0"), Tcp("::")] });
        _open.Add(end);
        return end;
    }

    private (MemoryConnection Connection, HeardStream Heard) Connect()
    {
        var heard = new HeardStream();
        var connection = (MemoryConnection)_clientHost.ConnectStream(null, IPEndPoint.Parse(ServerAt), heard);
        Pass(Second);
        return (connection, heard);
    }

    private void Pass(TimeSpan time) => _time.Advance(time);

    private static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData(ServerAt)]
    [InlineData("[2001:db8::1]:5060")]
    public void Requests_ToOnePlace_ShareAConnectionAndItsAnswersComeBackByIt(string to)
    {
        var (server, client) = (Open(_serverHost), Open(_clientHost));
        server.AnswerAll();
        var first = client.Send(Options(), to, SipTransport.Tcp);
        client.Send(Options(), to, SipTransport.Tcp);
        Pass(Second);
        client.Send(Options(), to, SipTransport.Tcp);
        Pass(Second);
        Assert.True(first.IsReliable);
        Assert.Equal(3, client.Responses.Count);
        Assert.Single(server.Requests.Select(request => request.Flow).Distinct());
        Assert.Equal(1, client.Counters[StackCounter.ConnectionsTried]);
        Assert.Equal(5060, server.Requests[0].Message.TopVia.SentBy.Port);
        Assert.NotEqual(5060, server.Requests[0].Flow.Remote.Port);
        Assert.Equal(first.Flow, client.Responses[0].Flow);

        // RFC 5626: a request back along the flow that the client opened.
        server.Send(Options(), first.Flow!.Local.ToString(), SipTransport.Tcp, server.Requests[0].Flow);
        Pass(Second);
        Assert.Equal(first.Flow, Assert.Single(client.Requests).Flow);
        Assert.Equal(0, server.Counters[StackCounter.ConnectionsTried]);
    }

    [Fact]
    public void Stream_InOneBytePieces_WithPings_IsCutIntoMessages()
    {
        var server = Open(_serverHost);
        server.AnswerAll();
        _network.Faults.StreamPiece = 1;
        var (connection, heard) = Connect();
        connection.Send(Bytes("\r\n\r\n" + Raw(Via) + "\r\n\r\n\r\n" + Raw(Via)));
        Pass(Second);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, heard.Text.ToString().Split("SIP/2.0 200 OK").Length - 1);
        Assert.StartsWith("\r\n", heard.Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(["connected"], heard.Events);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\nContent-Length: 20\r\n")]
    [InlineData("Content-Length: 99999999\r\n")]
    [InlineData("")]
    public void Stream_ThatCannotBeCut_IsAnsweredAndClosed(string extra)
    {
        var server = Open(_serverHost);
        var (connection, heard) = Connect();
        connection.Send(Bytes(Raw(Via, extra: extra)));
        Pass(Second);
        Assert.Empty(server.Requests);
        Assert.Matches("^SIP/2.0 (400|413|513) ", heard.Text.ToString());
        Assert.Contains("ended", heard.Events);
        Assert.Equal(1, server.Counters[StackCounter.ConnectionsBroken]);
    }

    [Fact]
    public void MalformedMessage_ThatIsWellFramed_IsAnsweredAndTheConnectionGoesOn()
    {
        var server = Open(_serverHost);
        var (connection, heard) = Connect();
        connection.Send(Bytes(Raw(Via).Replace("CSeq: 1 OPTIONS", "CSeq: none", StringComparison.Ordinal) + Raw(Via)));
        Pass(Second);
        Assert.StartsWith("SIP/2.0 400 ", heard.Text.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Connection_Silent_IsClosedAfterTheIdleTimeAndPingsKeepIt()
    {
        var server = Open(_serverHost, new TransportOptions { ConnectionIdle = TimeSpan.FromMinutes(1) });
        var (connection, heard) = Connect();
        for (var i = 0; i < 5; i++)
        {
            connection.Send("\r\n\r\n"u8);
            Pass(TimeSpan.FromSeconds(50));
        }
        Assert.DoesNotContain("ended", heard.Events);
        Pass(TimeSpan.FromSeconds(15));
        Assert.Contains("ended", heard.Events);
        Assert.Equal(1, server.Counters[StackCounter.ConnectionsIdle]);
        connection.Close();
        Pass(Second);
        Assert.Null(Assert.Single(server.ClosedFlows).Reason);
        Assert.False(server.ClosedFlows[0].Flow.IsAlive);
    }

    [Fact]
    public void Connection_ThatNeverSaysAnything_IsResetAfterTheFirstMessageTime()
    {
        var server = Open(_serverHost);
        var (_, heard) = Connect();
        Pass(TimeSpan.FromSeconds(28));
        Assert.Equal(["connected"], heard.Events);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(["connected", "closed ConnectionReset"], heard.Events);
        Assert.Equal(1, server.Counters[StackCounter.ConnectionsTooSlow]);
    }

    [Fact]
    public void Message_ThatDribbles_IsCutWhateverItsSenderDoes()
    {
        var server = Open(_serverHost);
        server.AnswerAll();
        var (connection, heard) = Connect();
        connection.Send(Bytes(Raw(Via)));
        Pass(TimeSpan.FromMinutes(1));
        foreach (var letter in Raw(Via))
        {
            connection.Send([(byte)letter]);
            Pass(Second);
            if (heard.Events.Count > 1)
            {
                break;
            }
        }
        Assert.Equal(["connected", "closed ConnectionReset"], heard.Events);
        Assert.Equal(1, server.Counters[StackCounter.ConnectionsTooSlow]);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Connections_BeyondTheCaps_AreRefusedAndPlacesComeBack()
    {
        var server = Open(_serverHost, new TransportOptions { MaxConnections = 3, MaxConnectionsPerAddress = 2 });
        var other = _network.Host("T6", "192.0.2.6", "192.0.2.7");
        var (first, _) = Connect();
        Connect();
        var (_, third) = Connect();
        Assert.Equal("closed ConnectionReset", third.Events[^1]);
        HeardStream From(string local)
        {
            var heard = new HeardStream();
            other.ConnectStream(IPAddress.Parse(local), IPEndPoint.Parse(ServerAt), heard);
            Pass(Second);
            return heard;
        }
        Assert.Equal(["connected"], From("192.0.2.6").Events);
        Assert.Equal("closed ConnectionReset", From("192.0.2.7").Events[^1]);
        Assert.Equal(2, server.Counters[StackCounter.ConnectionsRefused]);
        first.Abort();
        Pass(Second);
        Assert.Equal(["connected"], From("192.0.2.7").Events);
    }

    [Fact]
    public void HalfClosed_Peer_StillGetsItsAnswer()
    {
        var server = Open(_serverHost);
        var (connection, heard) = Connect();
        connection.Send(Bytes(Raw(Via)));
        connection.EndSending();
        Pass(TimeSpan.FromSeconds(5));
        var request = Assert.Single(server.Requests);
        Assert.False(request.Flow.IsAlive);
        server.Layer.SendOnce(request.Message.Answer(200, null, "x").Build(), request.Message.TopViaView, request.Flow);
        Pass(Second);
        Assert.StartsWith("SIP/2.0 200 OK", heard.Text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ended", heard.Events);
        Pass(TimeSpan.FromSeconds(32));
        Assert.Contains("ended", heard.Events);
    }

    [Fact]
    public void Response_WhoseConnectionIsGone_GoesByANewOneToTheSentByPort()
    {
        var (server, client) = (Open(_serverHost), Open(_clientHost));
        client.Send(Options(), ServerAt, SipTransport.Tcp);
        Pass(Second);
        _network.ResetStreams(_serverHost, _clientHost);
        Pass(Second);
        var request = Assert.Single(server.Requests);
        var answer = server.Answer(request.Message.Answer(200, null, "x").Build(), request.Flow);
        Pass(Second);
        var response = Assert.Single(client.Responses);
        Assert.Equal(5060, response.Flow.Local.Port);
        Assert.Equal(200, response.Message.StatusCode);

        _network.ResetStreams(_serverHost, _clientHost);
        Pass(Second);
        Assert.Equal(SocketError.ConnectionReset, Assert.Single(server.Failures).Error);
        answer.Resend(); // a 2xx that waits for its ACK
        Pass(Second);
        Assert.Equal(2, client.Responses.Count);
    }

    [Fact]
    public void StrayResponse_FindsTheConnectionThatTheRequestCameBy()
    {
        var server = Open(_serverHost);
        var (connection, heard) = Connect();
        connection.Send(Bytes(Raw(Via)));
        Pass(Second);
        SipRequest asked = Assert.Single(server.Requests).Message;
        server.Layer.SendOnce(asked.Answer(200, null, "x").Build(), asked.TopViaView, null);
        Pass(Second);
        Assert.StartsWith("SIP/2.0 200 OK", heard.Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Counters[StackCounter.ConnectionsTried]);
    }

    [Fact]
    public void Connect_RefusedOrSwallowed_FailsEveryRequestThatWaitsForIt()
    {
        var client = Open(_clientHost);
        var refused = client.Send(Options(), "192.0.2.1:5060", SipTransport.Tcp);
        Pass(Second);
        Assert.Equal((refused, SocketError.ConnectionRefused), Assert.Single(client.Failures));

        client.Failures.Clear();
        _network.Faults.Blackhole = IpVersions.V6;
        var first = client.Send(Options(), "[2001:db8::1]:5060", SipTransport.Tcp);
        var second = client.Send(Options(), "[2001:db8::1]:5060", SipTransport.Tcp);
        Pass(TimeSpan.FromSeconds(4.9));
        Assert.Empty(client.Failures);
        Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal([(first, SocketError.TimedOut), (second, SocketError.TimedOut)], client.Failures);
    }

    [Fact]
    public void LongRequest_WithAConnectionToBeHad_GoesByTcp()
    {
        var (server, client) = (Open(_serverHost), Open(_clientHost));
        server.AnswerAll();
        var sent = client.Send(Options(padding: 1200), ServerAt);
        Pass(Second);
        Assert.True(sent.IsReliable);
        Assert.Equal("TCP", Assert.Single(server.Requests).Message.TopVia.TransportToken);
        Assert.Single(client.Responses);
        Assert.Empty(client.Changes);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(0, client.Counters[StackCounter.FallBacks]);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LongRequest_WithoutAConnection_GoesByUdpAfterAll(bool refused)
    {
        var client = Open(_clientHost);
        using var server = new TransportEnd(_serverHost, _time, new TransportOptions { Listeners = [Udp("0.0.0.0"), Udp("::")] });
        server.AnswerAll();
        const string To = "192.0.2.1:5060";
        if (!refused)
        {
            _network.Link(_clientHost, _serverHost).Blackhole = IpVersions.V4;
        }
        var sent = client.Send(Options(padding: 1200), To);
        Pass(TimeSpan.FromSeconds(1));
        _network.Link(_clientHost, _serverHost).Blackhole = IpVersions.None;
        Pass(TimeSpan.FromSeconds(2));
        Assert.Same(sent, Assert.Single(client.Changes));
        Assert.False(sent.IsReliable);
        Assert.Equal("UDP", Assert.Single(server.Requests).Message.TopVia.TransportToken);
        Assert.Equal("z9hG4bKtest", server.Requests[0].Message.TopVia.Branch);
        Assert.Single(client.Responses);
        Assert.Empty(client.Failures);

        var next = client.Send(Options(padding: 1200), To); // the lesson is remembered for a while
        Assert.False(next.IsReliable);
        Pass(TimeSpan.FromMinutes(6));
        Assert.True(client.Send(Options(padding: 1200), To).IsReliable);
    }

    [Fact]
    public void LongRequest_DoneBeforeItFallsBack_IsNotSentAnyMore()
    {
        var client = Open(_clientHost);
        _network.Faults.Blackhole = IpVersions.Both;
        var sent = client.Send(Options(padding: 1200), ServerAt);
        sent.Done();
        Pass(TimeSpan.FromSeconds(10));
        Assert.Empty(client.Changes);
        Assert.Empty(client.Failures);
        Assert.DoesNotContain(_network.Capture, piece => !piece.IsStream);
    }

    [Fact]
    public void LongRequest_OnAGivenFlow_StaysOnIt()
    {
        var (server, client) = (Open(_serverHost), Open(_clientHost));
        client.Send(Options(), ServerAt);
        Pass(Second);
        var back = server.Send(Options(padding: 1200), "192.0.2.5:5060", flow: Assert.Single(server.Requests).Flow);
        Assert.False(back.IsReliable);
        Pass(Second);
        Assert.Single(client.Requests);
    }

    [Fact]
    public void Dispose_WithEverythingOpen_LeavesNothingBehind()
    {
        var (server, client) = (Open(_serverHost), Open(_clientHost));
        client.Send(Options(), ServerAt, SipTransport.Tcp);
        client.Send(Options(), ServerAt);
        Pass(Second);
        server.Dispose();
        client.Dispose();
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _serverHost.Bound + _clientHost.Bound);
        Assert.Null(_time.NextDue);
        Assert.Single(client.ClosedFlows);
        client.Send(Options(), ServerAt, SipTransport.Tcp);
        client.Send(Options(), ServerAt);
        Assert.Equal(2, client.Failures.Count(failure => failure.Error is SocketError.HostUnreachable or SocketError.NotSocket));
    }
}
