// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Logging;
using static Isthmus.Tests.Stack.Transports.TransportEnd;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Exceptions where messages come in, on the sockets of Linux.</summary>
public sealed class LinuxFaultTests() : FaultTests(isPortable: false)
{
    // An error that waits on a socket is found by whoever sends next.
    [Fact]
    public async Task Unreachable_ThatThrows_LeavesTheSenderAndTheSocketAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ICMP errors are heard on Linux only.");
        var receiver = new Throwing();
        using var socket = Network.BindDatagram(At("127.0.0.1:0"), receiver);
        IPEndPoint nobody;
        using (var shortLived = Network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams()))
        {
            nobody = shortLived.LocalEndPoint;
        }
        using (Network.Gather())
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.Null(socket.Send("x"u8, nobody, null));
                Assert.Null(socket.Send("good"u8, socket.LocalEndPoint, null));
            }
        }
        await receiver.Until(() => receiver.Good == 10 && receiver.Faults.Count > 0);
    }
}

/// <summary>Exceptions where messages come in, on the sockets of other systems, here on this one.</summary>
public sealed class PortableFaultTests() : FaultTests(isPortable: true);

/// <summary>An exception where messages come in is an error in the program: it takes one datagram or one connection, and not the thread of all others.</summary>
public abstract class FaultTests(bool isPortable) : StreamScene(isPortable)
{
    [Fact]
    public async Task Datagram_WhoseReceiverThrows_IsTheOnlyOneLost()
    {
        var receiver = new Throwing();
        using var server = Network.BindDatagram(At("127.0.0.1:0"), receiver);
        using var client = Network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
        using (Network.Gather())
        {
            foreach (var what in (string[])["good", "bad", "bad", "good", "good", "bad"])
            {
                client.Send(Encoding.UTF8.GetBytes(what), server.LocalEndPoint, null);
            }
        }
        await receiver.Until(() => receiver.Good == 3 && receiver.Faults.Count == 3);
        Assert.All(receiver.Faults, fault => Assert.IsType<InvalidTimeZoneException>(fault));
        client.Send("good"u8, server.LocalEndPoint, null);
        await receiver.Until(() => receiver.Good == 4);
    }

    [Fact]
    public async Task Connection_WhoseReceiverThrows_IsResetAndTheOthersGoOn()
    {
        var (good, acceptor) = (new HeardStream(), new Throwing());
        using var listening = Network.ListenStream(At("127.0.0.1:0"), acceptor);
        var (bad, client) = (new HeardStream(), Network.ConnectStream(null, listening.LocalEndPoint, good));
        var other = Network.ConnectStream(null, listening.LocalEndPoint, bad);
        other.Send("bad"u8);
        await bad.Until(() => bad.Events.Contains("closed ConnectionReset"));
        await acceptor.Until(() => acceptor.Faults.Count == 1 && acceptor.Ends.Count == 1);
        client.Send("good"u8);
        await acceptor.Until(() => acceptor.Good == 1);
        client.Abort();
        await acceptor.Until(() => acceptor.Ends.Count == 2);
    }

    [Fact]
    public async Task Listener_WhoseAcceptorThrows_AcceptsTheNext()
    {
        var acceptor = new Throwing { Refusing = 1 };
        using var listening = Network.ListenStream(At("[::1]:0"), acceptor);
        var (first, second) = (new HeardStream(), new HeardStream());
        Network.ConnectStream(null, listening.LocalEndPoint, first);
        await first.Until(() => first.Events.Contains("closed ConnectionReset"));
        Assert.Single(acceptor.Faults);
        using var connection = Network.ConnectStream(null, listening.LocalEndPoint, second);
        connection.Send("good"u8);
        await acceptor.Until(() => acceptor.Good == 1);
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task Stack_WithAFaultWhereMessagesComeIn_CountsItLogsItAndGoesOn(SipTransport transport)
    {
        var log = new ErrorLog();
        using var timers = new TimerWheel(Time);
        var counters = new StackCounters();
        var options = new TransportOptions { Listeners = [transport == SipTransport.Udp ? Udp("127.0.0.1", 0) : Tcp("127.0.0.1", 0)] };
        using var layer = new TransportLayer(options, Network, timers, Time, new MessagePool(), counters, log);
        var user = new Faulty();
        var at = layer.Start(user).Listeners[0].LocalEndPoint;
        foreach (var _ in (int[])[1, 2])
        {
            if (transport == SipTransport.Udp)
            {
                using var client = Network.BindDatagram(At("127.0.0.1:0"), new HeardDatagrams());
                client.Send(Encoding.UTF8.GetBytes(Raw("SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1")), at, null);
                await log.Until(() => log.Errors.Count == user.Requests);
            }
            else
            {
                var heard = new HeardStream();
                Network.ConnectStream(null, at, heard).Send(Encoding.UTF8.GetBytes(Raw("SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1")));
                await heard.Until(() => heard.Events.Count == 2);
            }
        }
        await log.Until(() => log.Errors.Count == 2);
        Assert.Equal(2, counters[StackCounter.Faults]);
        Assert.All(log.Errors, error => Assert.Contains($"{transport.UriToken} {at}", error, StringComparison.Ordinal));
    }

    /// <summary>Throws at what it does not like, and writes down what it is told.</summary>
    protected sealed class Throwing : Heard, IDatagramReceiver, IStreamReceiver, IStreamAcceptor
    {
        public int Good { get; private set; }

        public List<Exception> Faults { get; } = [];

        public List<SocketError?> Ends { get; } = [];

        /// <summary>How many connections it throws at.</summary>
        public int Refusing { get; set; }

        public void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress) => Received(payload);

        public void Received(ReadOnlySpan<byte> bytes)
        {
            if (!bytes.SequenceEqual("good"u8))
            {
                throw new InvalidTimeZoneException("an error in the program");
            }
            Change(() => Good++);
        }

        public void Unreachable(IPEndPoint remote, SocketError error) => throw new InvalidTimeZoneException("another one");

        public IStreamReceiver? Accepted(IStreamConnection connection) => Refusing-- > 0 ? throw new InvalidTimeZoneException("a third one") : this;

        public void Connected()
        {
        }

        public void Ended()
        {
        }

        public void Closed(SocketError? reason) => Change(() => Ends.Add(reason));

        public void Faulted(Exception fault) => Change(() => Faults.Add(fault));
    }

    /// <summary>As if the way up had an error.</summary>
    private sealed class Faulty : ITransportUser
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public void OnListening(IReadOnlyList<Listener> listeners)
        {
        }

        public void OnRequest(SipRequest request, Flow flow)
        {
            Interlocked.Increment(ref _requests);
            throw new InvalidTimeZoneException("an error in the program");
        }

        public void OnResponse(SipResponse response, Flow flow)
        {
        }

        public void OnMalformed(Flow flow, SipMessage? message, SipFault fault, bool answered)
        {
        }

        public void OnFlowClosed(Flow flow, SocketError? reason)
        {
        }
    }

    private sealed class ErrorLog : Heard, ILogger
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Change(() => Errors.Add(formatter(state, exception)));
    }
}
