// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using static Isthmus.Tests.Stack.Transports.TransportEnd;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Datagrams, listeners and the way of responses, on a simulated network.</summary>
public sealed class TransportLayerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SimulatedTime _time = new();
    private readonly MemoryNetwork _network;
    private readonly MemoryHost _server;
    private readonly MemoryHost _client;
    private readonly List<IDisposable> _open = [];

    public TransportLayerTests()
    {
        _network = new MemoryNetwork(_time);
        _server = _network.Host("S1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2");
        _client = _network.Host("T5", "192.0.2.5", "2001:db8::5");
    }

    public void Dispose()
    {
        _open.ForEach(end => end.Dispose());
        _network.Dispose();
    }

    [Fact]
    public void Start_ListenersAreOpen_UserIsToldOnceOfThoseThatServe()
    {
        TransportEnd end = Open(_server, Udp("192.0.2.1"), Tcp("2001:db8::1", 0), Udp("192.0.2.99"));

        Assert.Equal(end.Layer.Listeners, Assert.Single(end.Opened));
        Assert.Equal(2, end.Opened[0].Count);
        Assert.DoesNotContain(end.Opened[0], listener => listener.LocalEndPoint.Port == 0);
    }

    [Fact]
    public void Pass_GateIsShut_WaitsUntilItIsOpened()
    {
        var gate = new StartGate();
        using var passed = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            gate.Pass();
            passed.Set();
        });
        thread.Start();

        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState == ThreadState.WaitSleepJoin, Second * 30));
        Assert.False(passed.IsSet);
        gate.Open();
        Assert.True(passed.Wait(Second * 30));
        gate.Pass();
    }

    private TransportEnd Open(MemoryHost host, params ListenerOptions[] listeners) => Open(host, new TransportOptions { Listeners = listeners });

    private TransportEnd Open(MemoryHost host, TransportOptions options)
    {
        var end = new TransportEnd(host, _time, options);
        _open.Add(end);
        return end;
    }

    private (IDatagramSocket Socket, HeardDatagrams Heard) Plain(string local)
    {
        var heard = new HeardDatagrams();
        var socket = _client.BindDatagram(IPEndPoint.Parse(local), heard);
        _open.Add(socket);
        return (socket, heard);
    }

    private static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private void Exchange(IDatagramSocket from, string to, string text)
    {
        from.Send(Bytes(text), IPEndPoint.Parse(to), null);
        _time.Advance(Second);
    }

    [Theory]
    [InlineData("192.0.2.2:5060", "192.0.2.5:5060")]
    [InlineData("[2001:db8::2]:5060", "[2001:db8::5]:5060")]
    public void Request_BetweenWildcards_IsStampedAndAnsweredFromTheAddressItCameTo(string to, string from)
    {
        using var server = Open(_server, Udp("0.0.0.0"), Udp("::"));
        using var client = Open(_client, Udp("0.0.0.0"), Udp("::"));
        server.AnswerAll();
        var sent = client.Send(Options(), to);
        _time.Advance(Second);

        var received = Assert.Single(server.Requests);
        Assert.Equal(IPEndPoint.Parse(to), received.Flow.Local);
        Assert.Equal(IPEndPoint.Parse(from), received.Flow.Remote);
        Assert.Equal(HostPort.From(IPEndPoint.Parse(from)), received.Message.TopVia.SentBy);
        Assert.Equal(IPEndPoint.Parse(from).Address, received.Message.TopVia.Received);
        Assert.Equal(5060, received.Message.TopVia.Rport);
        Assert.Equal(HostPort.From(IPEndPoint.Parse(to)), received.Flow.SentBy);

        var response = Assert.Single(client.Responses);
        Assert.Equal(IPEndPoint.Parse(to), response.Flow.Remote);
        Assert.Equal("z9hG4bKtest", response.Message.TopVia.Branch);
        Assert.False(sent.IsReliable);
        Assert.Empty(client.Failures);
    }

    [Theory]
    [InlineData("192.0.2.5", "192.0.2.1", "192.0.2.5:9999;branch=z9hG4bK1;rport", "received=192.0.2.5", 4444)]
    [InlineData("192.0.2.5", "192.0.2.1", "192.0.2.5:9999;branch=z9hG4bK1", null, 9999)]
    [InlineData("192.0.2.5", "192.0.2.1", "phone.example.com:9999;branch=z9hG4bK1", "received=192.0.2.5", 9999)]
    [InlineData("192.0.2.5", "192.0.2.1", "phone.example.com;branch=z9hG4bK1", "received=192.0.2.5", 5060)]
    [InlineData("192.0.2.5", "192.0.2.1", "10.1.1.1:9999;branch=z9hG4bK1;rport", "received=192.0.2.5;rport=4444", 4444)]
    [InlineData("2001:db8::5", "2001:db8::1", "[2001:db8::5]:9999;branch=z9hG4bK1;rport", "received=2001:db8::5", 4444)]
    [InlineData("2001:db8::5", "2001:db8::1", "[2001:DB8:0::5]:9999;branch=z9hG4bK1", null, 9999)]
    [InlineData("2001:db8::5", "2001:db8::1", "[2001:db8::99]:9999;branch=z9hG4bK1", "received=2001:db8::5", 9999)]
    [InlineData("2001:db8::5", "2001:db8::1", "[2001:db8::99]:9999;branch=z9hG4bK1;received=[2001:db8::98]", "received=2001:db8::5", 9999)]
    [InlineData("2001:db8::5", "2001:db8::1", "[2001:db8::5]:9999;branch=z9hG4bK1;received=2001:db8::98", "received=2001:db8::5", 9999)]
    public void Response_ToAVia_GoesWhereRfc3261And3581Say(string from, string to, string via, string? noted, int port)
    {
        using var server = Open(_server, Udp("0.0.0.0"), Udp("::"));
        server.AnswerAll();
        var (socket, heard) = Plain($"[{from}]:4444".Replace("[192.0.2.5]", "192.0.2.5", StringComparison.Ordinal));
        var (_, elsewhere) = port == 4444 ? (socket, heard) : Plain(new IPEndPoint(IPAddress.Parse(from), port).ToString());
        Exchange(socket, new IPEndPoint(IPAddress.Parse(to), 5060).ToString(), Raw($"SIP/2.0/UDP {via}"));

        var top = Assert.Single(server.Requests).Message.TopVia.ToString();
        if (noted is null)
        {
            Assert.DoesNotContain("received", top, StringComparison.Ordinal);
        }
        else
        {
            Assert.All(noted.Split(';'), part => Assert.Contains($";{part}", top + ";", StringComparison.Ordinal));
        }
        var answer = Assert.Single(elsewhere.Datagrams);
        Assert.StartsWith("SIP/2.0 200 OK\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(to), 5060), answer.Remote);
    }

    [Fact]
    public void Response_WithMaddr_GoesThereUnlessItIsAGroup()
    {
        using var server = Open(_server, Udp("0.0.0.0"));
        server.AnswerAll();
        var (socket, _) = Plain("192.0.2.5:4444");
        var (_, maddr) = Plain("192.0.2.5:7777");
        Exchange(socket, "192.0.2.1:5060", Raw("SIP/2.0/UDP x.example.com:7777;branch=z9hG4bK1;maddr=192.0.2.5"));
        Assert.Single(maddr.Datagrams);
        Exchange(socket, "192.0.2.1:5060", Raw("SIP/2.0/UDP x.example.com:7777;branch=z9hG4bK1;maddr=239.255.255.1"));
        Assert.Equal(1, server.Counters[StackCounter.ResponsesWithoutPlaceDropped]);
        Assert.Equal(3, _network.Capture.Count);
    }

    [Fact]
    public void StrayResponse_GoesByItsTopVia()
    {
        using var server = Open(_server, Udp("192.0.2.1"), Udp("2001:db8::1"));
        var (_, heard) = Plain("[2001:db8::5]:4444");
        var request = Options();
        var stamped = MessageEdit.Of(request).Prepend(HeaderName.Via, "SIP/2.0/UDP [2001:db8::99];branch=z9hG4bKx;received=2001:db8::5;rport=4444").BuildRequest();
        server.Layer.SendOnce(stamped.Answer(200, null, "x").Build(), stamped.TopViaView, null);
        _time.Advance(Second);
        Assert.Equal("2001:db8::1", Assert.Single(heard.Datagrams).Remote.Address.ToString());
    }

    [Fact]
    public void Response_WhoseViaIsNotOurs_IsDropped()
    {
        using var server = Open(_server, Udp("0.0.0.0"));
        var (socket, _) = Plain("192.0.2.5:4444");
        const string Response = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {0};branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n";
        Exchange(socket, "192.0.2.1:5060", Response.Replace("{0}", "198.51.100.7:5060", StringComparison.Ordinal));
        Assert.Empty(server.Responses);
        Assert.Equal(1, server.Counters[StackCounter.ForeignResponsesDropped]);
        Exchange(socket, "192.0.2.1:5060", Response.Replace("{0}", "192.0.2.1", StringComparison.Ordinal));
        Assert.Single(server.Responses);
    }

    [Fact]
    public void Names_AreTheAdvertisedOnesElseTheFlowsNeverAWildcard()
    {
        using var server = Open(_server, Udp("0.0.0.0"), Udp("::") with { AdvertisedHost = "2001:db8::1" }, Tcp("0.0.0.0", 0) with { AdvertisedHost = "sip.example.com", AdvertisedPort = 443 });
        Assert.Equal("192.0.2.1:5060", server.Layer.Paths.Towards(new Target(SipTransport.Udp, IPEndPoint.Parse("192.0.2.5:5060")))!.SentBy.ToString());
        Assert.Equal("[2001:db8::1]:5060", server.Layer.Paths.Towards(new Target(SipTransport.Udp, IPEndPoint.Parse("[2001:db8::5]:5060")))!.SentBy.ToString());
        Assert.Equal("sip.example.com:443", server.Layer.Paths.Towards(new Target(SipTransport.Tcp, IPEndPoint.Parse("192.0.2.5:5060")))!.SentBy.ToString());
        Assert.Null(server.Layer.Paths.Towards(new Target(SipTransport.Tcp, IPEndPoint.Parse("[2001:db8::5]:5060"))));
        Assert.Throws<ArgumentException>(() => server.Result.Listeners[0].SentBy(null));
    }

    [Fact]
    public void Start_WhatCannotBeOpened_IsSaidAndTheOthersServe()
    {
        var four = _network.Host("T6", "192.0.2.6");
        using var taken = four.BindDatagram(IPEndPoint.Parse("192.0.2.6:5070"), new HeardDatagrams());
        using var end = Open(four, Udp("::"), Udp("0.0.0.0", 5070), Tcp("192.0.2.77"), Udp("0.0.0.0"));
        Assert.Equal("udp 0.0.0.0:5060", Assert.Single(end.Result.Listeners).ToString());
        Assert.Equal(
            ["udp [::]:5060: this host has no IPv6", "udp 0.0.0.0:5070: address already in use", "tcp 192.0.2.77:5060: 192.0.2.77 is not an address of this host"],
            end.Result.Faults.Select(fault => fault.Text));
    }

    [Fact]
    public void Unreachable_ByIcmp_ReachesWhoeverWaitsForThatRemoteOnly()
    {
        using var client = Open(_client, Udp("0.0.0.0"));
        using var server = Open(_server, Udp("192.0.2.2"));
        var lost = client.Send(Options(), "192.0.2.1:5060");
        var done = client.Send(Options(), "192.0.2.1:5060");
        done.Done();
        client.Send(Options(), "192.0.2.2:5060");
        _time.Advance(Second);
        Assert.NotEmpty(client.Failures);
        Assert.All(client.Failures, failure => Assert.Equal((lost, SocketError.ConnectionRefused), failure));
        lost.Done();
        lost.Done();
        client.Failures.Clear();
        lost.Resend();
        _time.Advance(Second);
        Assert.Empty(client.Failures);
    }

    [Fact]
    public void Send_WithoutAListenerOfThatVersion_FailsAtOnce()
    {
        using var client = Open(_client, Udp("0.0.0.0"));
        var sent = client.Send(Options(), "[2001:db8::1]:5060");
        Assert.Null(sent.Flow);
        Assert.Equal((sent, SocketError.HostUnreachable), Assert.Single(client.Failures));
        sent.Resend();
        sent.Done();
    }

    [Theory]
    [InlineData("OPTIONS", "CSeq: x OPTIONS\r\n", true)]
    [InlineData("ACK", "CSeq: x ACK\r\n", false)]
    public void Malformed_Request_GetsItsFaultUnlessItIsAnAck(string method, string cseq, bool answered)
    {
        using var server = Open(_server, Udp("0.0.0.0"));
        var (socket, heard) = Plain("192.0.2.5:4444");
        var text = Raw("SIP/2.0/UDP 192.0.2.5:4444;branch=z9hG4bK1", method).Replace($"CSeq: 1 {method}\r\n", cseq, StringComparison.Ordinal);
        Exchange(socket, "192.0.2.1:5060", text);
        Assert.Empty(server.Requests);
        Assert.Equal(answered, Assert.Single(server.Malformed).Answered);
        Assert.Equal(answered ? 1 : 0, heard.Datagrams.Count);
        if (answered)
        {
            Assert.StartsWith("SIP/2.0 400 ", heard.Datagrams[0].Text, StringComparison.Ordinal);
            Assert.Contains("CSeq", heard.Datagrams[0].Text.Split("\r\n")[0], StringComparison.Ordinal);
            Assert.Contains(";tag=", heard.Datagrams[0].Text.Split("To:")[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Datagrams_ThatAreKeepAlivesOrRubbish_AreCountedAndNotAnswered()
    {
        using var server = Open(_server, Udp("0.0.0.0"));
        var (socket, heard) = Plain("192.0.2.5:4444");
        foreach (var text in (string[])["", "\r\n", "\r\n\r\n", "\0\0\0\0", "\0\u0001\0\0!\u0012", "rubbish", "SIP/2.0 999 x\r\n\r\n"])
        {
            Exchange(socket, "192.0.2.1:5060", text);
        }
        Assert.Empty(heard.Datagrams);
        Assert.Equal(5, server.Counters[StackCounter.KeepAlives]);
        Assert.Equal(2, server.Counters[StackCounter.MalformedDropped]);
    }

    [Fact]
    public void Flows_OfTheSamePath_AreEqual()
    {
        using var server = Open(_server, Udp("0.0.0.0"));
        var (socket, _) = Plain("192.0.2.5:4444");
        foreach (var to in (string[])["192.0.2.1:5060", "192.0.2.1:5060", "192.0.2.2:5060"])
        {
            Exchange(socket, to, Raw("SIP/2.0/UDP 192.0.2.5:4444;branch=z9hG4bK1"));
        }
        var flows = server.Requests.Select(request => request.Flow).ToList();
        Assert.Equal(flows[0], flows[1]);
        Assert.Equal(flows[0].GetHashCode(), flows[1].GetHashCode());
        Assert.NotEqual(flows[0], flows[2]);
        Assert.True(flows[0].IsAlive);
        var back = server.Send(Options(), "192.0.2.5:4444", flow: flows[2]);
        Assert.Equal("192.0.2.2:5060", back.Flow!.SentBy.ToString());
    }
}
