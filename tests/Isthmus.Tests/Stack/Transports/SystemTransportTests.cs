// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Time.Testing;
using static Isthmus.Tests.Stack.Transports.TransportEnd;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>The transport layer on real sockets, on the loopback addresses of both versions, with ports that the kernel chooses.</summary>
public sealed class SystemTransportTests : IDisposable
{
    private readonly SystemNetwork _network = new();
    private readonly List<TransportEnd> _open = [];

    public void Dispose() => _open.ForEach(end => end.Dispose());

    private TransportEnd Open(TimeProvider? time, params ListenerOptions[] listeners)
    {
        var end = new TransportEnd(_network, time ?? TimeProvider.System, new TransportOptions { Listeners = listeners });
        Assert.Empty(end.Result.Faults);
        _open.Add(end);
        return end;
    }

    private static string At(string address, Listener listener) => new IPEndPoint(IPAddress.Parse(address), listener.LocalEndPoint.Port).ToString();

    [Theory]
    [InlineData("127.0.0.1", "0.0.0.0", "127.0.0.2", SipTransport.Udp)]
    [InlineData("::1", "::", "::1", SipTransport.Udp)]
    [InlineData("127.0.0.1", "0.0.0.0", "127.0.0.2", SipTransport.Tcp)]
    [InlineData("::1", "::", "::1", SipTransport.Tcp)]
    public async Task Request_ToAWildcard_IsAnsweredFromTheAddressItCameTo(string from, string wildcard, string to, SipTransport transport)
    {
        var server = Open(null, Udp(wildcard, 0), Tcp(wildcard, 0));
        var client = Open(null, Udp(from, 0), Tcp(from, 0));
        server.AnswerAll();
        var place = At(to, server.Layer.Listeners.Single(listener => listener.Transport == transport));
        client.Send(Options(), place, transport);
        await client.Until(() => client.Responses.Count == 1);
        Assert.Equal(IPEndPoint.Parse(place), client.Responses[0].Flow.Remote);
        Assert.Equal(IPAddress.Parse(to), server.Requests[0].Flow.SentBy.Host.Address);
        Assert.Equal(IPAddress.Parse(from), server.Requests[0].Message.TopVia.Received);
        Assert.Equal(server.Requests[0].Flow.Remote.Port, server.Requests[0].Message.TopVia.Rport);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Unreachable_ByIcmp_ReachesWhoeverSent(string address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ICMP errors are heard on Linux only.");
        var client = Open(null, Udp(address, 0));
        var gone = Open(null, Udp(address, 0));
        var place = At(address, gone.Layer.Listeners[0]);
        gone.Dispose();
        var sent = client.Send(Options(), place);
        await client.Until(() => client.Failures.Count == 1);
        Assert.Equal((sent, SocketError.ConnectionRefused), client.Failures[0]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task LongRequest_GoesByTcpWhereItCanAndByUdpWhereNot(string address)
    {
        var udp = Open(null, Udp(address, 0));
        var both = Open(null, Udp(address, 0), Tcp(address, 0));
        var client = Open(null, Udp(address, 0), Tcp(address, 0));

        // Nobody listens on the TCP port of this one: refused, and then by UDP.
        client.Send(Options(padding: 1300), At(address, udp.Layer.Listeners[0]));
        await udp.Until(() => udp.Requests.Count == 1);
        Assert.Equal("UDP", udp.Requests[0].Message.TopVia.TransportToken);
        Assert.InRange(client.Changes.Count, 0, 1); // none where that is known before the request was given to the connection

        // A target whose port is a TCP listener's.
        var sent = client.Send(Options(padding: 1300), At(address, both.Layer.Listeners[1]));
        await both.Until(() => both.Requests.Count == 1);
        Assert.Equal("TCP", both.Requests[0].Message.TopVia.TransportToken);
        Assert.True(sent.IsReliable);
    }

    [Fact]
    public async Task Stream_InOneByteSegments_IsCutIntoMessages()
    {
        var server = Open(null, Tcp("127.0.0.1", 0));
        server.AnswerAll();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Layer.Listeners[0].LocalEndPoint);
        foreach (var letter in "\r\n\r\n" + Raw("SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1;rport") + Raw("SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK2;rport"))
        {
            await socket.SendAsync(new[] { (byte)letter });
        }
        socket.Shutdown(SocketShutdown.Send);
        await server.Until(() => server.Requests.Count == 2);
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (received.ToString().Split("SIP/2.0 200 OK").Length < 3)
        {
            var length = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.NotEqual(0, length);
            received.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }
        Assert.StartsWith("\r\n", received.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_Silent_IsEndedByTheClockOfTheStack()
    {
        var time = new FakeTimeProvider();
        var server = Open(time, Tcp("127.0.0.1", 0));
        var client = new HeardStream();
        using var connection = _network.ConnectStream(null, server.Layer.Listeners[0].LocalEndPoint, client);
        connection.Send("\r\n\r\n"u8);
        await client.Until(() => client.Text.ToString() == "\r\n");
        time.Advance(TimeSpan.FromMinutes(11));
        await client.Until(() => client.Events.Count == 2);
        Assert.Equal("ended", client.Events[1]);
        connection.Close();
        await server.Until(() => server.ClosedFlows.Count == 1);
    }

    [Fact]
    public void Start_OnATakenPort_SaysSo()
    {
        var first = Open(null, Udp("127.0.0.1", 0), Tcp("127.0.0.1", 0));
        using var second = new TransportEnd(_network, TimeProvider.System, new TransportOptions
        {
            Listeners = [.. first.Layer.Listeners.Select(listener => listener.Options with { Port = listener.LocalEndPoint.Port }), Udp("::1", 0)],
        });
        Assert.Equal(first.Layer.Listeners.Select(listener => $"{listener}: address already in use"), second.Result.Faults.Select(fault => fault.Text));
        Assert.Single(second.Result.Listeners);
    }
}
