// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using CsCheck;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using static Isthmus.Tests.Stack.Transports.TransportEnd;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Whatever comes in by a port: no exception, and every datagram is counted as exactly one thing.</summary>
public sealed class ReceptionTests
{
    private static readonly string[] Pieces =
    [
        ";", ",", "\"", "\\", " ", "\t", "\r\n ", "\r\n", "<", ">", "[", "]", ":", "::ffff:1.2.3.4", ";received=", ";received=[::1]", ";received=\"x", ";rport=", ";rport=0",
        ";rport=99999", ";rport", ";maddr=239.1.1.1", ";maddr=[ff02::1]", ";maddr=::1", ";ttl=1", ";branch=", "SIP/2.0/", "UDP", "TCP", "X", "%00", "\0", "é", "[fe80::1%eth0]",
        "Via: SIP/2.0/UDP a;branch=z9hG4bKz\r\n", "v: SIP/2.0/UDP b, SIP/2.0/TCP c\r\n", "SIP/2.0 200 OK", "ACK", "CSeq: 1 ACK\r\n", "Content-Length: 5\r\n", "l: -1\r\n",
    ];

    [Fact]
    public void Datagrams_MutatedInEveryWay_AreTakenAnsweredOrDroppedButNeverThrow()
    {
        var mutation = Gen.Select(Gen.Int[0, 400], Gen.Int[0, 12], AnyOf(Pieces));
        var via = Gen.Select(AnyOf("192.0.2.5", "[2001:db8::5]", "h.example.com:99", "192.0.2.5:0"), AnyOf(Pieces), AnyOf(Pieces));
        Gen.Select(via, mutation.Array[0, 5]).Sample((sentBy, mutations) =>
        {
            var text = Raw($"SIP/2.0/UDP {sentBy.Item1};branch=z9hG4bK1{sentBy.Item2}{sentBy.Item3}");
            foreach (var (at, cut, piece) in mutations)
            {
                var from = Math.Min(at, text.Length);
                text = text.Remove(from, Math.Min(cut, text.Length - from)).Insert(from, piece);
            }
            Offer(Encoding.UTF8.GetBytes(text));
        }, iter: 3000);
    }

    [Fact]
    public void Datagrams_OfRandomBytes_NeverThrow() => Gen.Byte.Array[0, 300].Sample(Offer, iter: 2000);

    [Fact]
    public void Streams_OfRandomPieces_NeverThrow() =>
        AnyOf([.. Pieces, Raw("SIP/2.0/TCP 192.0.2.5;branch=z9hG4bK1"), "\r\n\r\n", "OPTIONS sip:a@b SIP/2.0\r\n"]).Array[1, 30].Sample(pieces =>
        {
            using var world = new World();
            using var server = Server(world);
            var connection = world.Network.Host("T5", "192.0.2.5").ConnectStream(null, IPEndPoint.Parse("192.0.2.1:5060"), new HeardStream());
            foreach (var piece in pieces)
            {
                connection.Send(Encoding.UTF8.GetBytes(piece));
            }
            world.Time.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal(1, server.Counters[StackCounter.ConnectionsAccepted]);
            Assert.Single(server.ClosedFlows);
        }, iter: 500);

    private static Gen<string> AnyOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static TransportEnd Server(World world)
    {
        var server = new TransportEnd(world.Network.Host("S1", "192.0.2.1"), world.Time, new TransportOptions { Listeners = [Udp("0.0.0.0"), Tcp("0.0.0.0")] });
        server.AnswerAll();
        return server;
    }

    private static void Offer(byte[] datagram)
    {
        using var world = new World();
        using var server = Server(world);
        using var socket = world.Network.Host("T5", "192.0.2.5").BindDatagram(IPEndPoint.Parse("192.0.2.5:4444"), new HeardDatagrams());
        socket.Send(datagram, IPEndPoint.Parse("192.0.2.1:5060"), null);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var counters = server.Counters;
        Assert.Equal(1, counters[StackCounter.MessagesReceived] + counters[StackCounter.KeepAlives] + counters[StackCounter.MalformedAnswered]
            + counters[StackCounter.MalformedDropped] + counters[StackCounter.ForeignResponsesDropped]);
    }
}
