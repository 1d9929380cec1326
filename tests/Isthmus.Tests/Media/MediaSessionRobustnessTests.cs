// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using CsCheck;
using Isthmus.Media;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Media;

public sealed class MediaSessionRobustnessTests
{
    [Fact]
    public void Received_AnyDatagram_NeverThrows()
    {
        using MediaCall call = new();
        byte[] types = [0, 8, 101, 200, 201, 203];
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 5], Gen.Bool).Sample(
            (bytes, type, toRtcp) =>
            {
                if (bytes.Length > 1)
                {
                    bytes[0] = (byte)((bytes[0] & 0x3f) | 0x80);
                    bytes[1] = types[type];
                }

                IPEndPoint from = toRtcp ? call.B.Session.LocalRtcp : call.B.Session.LocalRtp;
                call.Network.Inject(bytes, from, toRtcp ? call.A.Session.LocalRtcp : call.A.Session.LocalRtp);
                call.Time.Advance(TimeSpan.FromMilliseconds(1));
            },
            iter: 5000,
            threads: 1);
        Assert.InRange(call.A.Statistics.Concealed, 0, 5000);
    }

    [Fact]
    public void Received_BeforeTheStart_IsDropped()
    {
        using MediaCall call = new(start: false);
        call.Network.Inject(new byte[172], call.B.Session.LocalRtp, call.A.Session.LocalRtp);
        Assert.Equal(0, call.A.Statistics.Received.Packets);
        Assert.Null(call.A.Statistics.Remote);
        Assert.False(call.A.Session.IsStarted);
    }

    /// <summary>The sockets deliver inside Send: a session that held its lock while sending would lock up with its peer.</summary>
    [Fact]
    public async Task Sessions_UsedFromManyThreads_NeitherLockUpNorThrow()
    {
        FakeTimeProvider[] clocks = [new(), new()];
        Wire wire = new();
        MediaSession[] sessions = [.. clocks.Select(clock => Open(wire, clock))];
        MediaFlow[] flows = [.. sessions.Reverse().Select(peer => new MediaFlow { Remote = peer.LocalRtp, SendTelephoneEvent = 101, ReceiveTelephoneEvent = 101 })];
        for (int i = 0; i < 2; i++)
            sessions[i].Update(flows[i]);

        Task[] work = [.. Enumerable.Range(0, 6).Select(worker => Task.Run(() =>
        {
            int side = worker % 2;
            for (int i = 0; i < 500; i++)
            {
                if (worker < 2)
                    clocks[side].Advance(TimeSpan.FromMilliseconds(20));
                else if (worker < 4)
                    sessions[side].Update(flows[side] with { Send = i % 3 != 0, Receive = i % 5 != 0 });
                else
                    sessions[side].SendDigits("1");
                Assert.True(sessions[1 - side].Statistics().Received.Packets <= 500);
            }
        }))];
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(60));
        await Task.WhenAll(sessions.Select(session => Task.Run(session.Dispose))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(sessions, session => Assert.InRange(session.Statistics().Received.Packets, 1, 500));
        Assert.Empty(wire.Receivers);
    }

    private static MediaSession Open(Wire wire, FakeTimeProvider clock)
    {
        MediaSessionOptions options = new() { Source = new ToneSource(440), Sink = new LevelMeter(), MinimumReportInterval = TimeSpan.FromMilliseconds(100) };
        Assert.True(MediaSession.TryOpen(wire, IPAddress.Loopback, PortRange.Any, options, clock, out MediaSession? session));
        return session;
    }

    private sealed class Wire : IMediaSockets
    {
        private int _nextPort = 20000;

        public ConcurrentDictionary<IPEndPoint, IMediaReceiver> Receivers { get; } = new();

        public bool TryOpenPair(IPAddress local, PortRange range, IMediaReceiver rtp, IMediaReceiver rtcp, [NotNullWhen(true)] out MediaSocketPair? pair)
        {
            int port = Interlocked.Add(ref _nextPort, 2);
            pair = new MediaSocketPair(new Socket(this, new IPEndPoint(local, port), rtp), new Socket(this, new IPEndPoint(local, port + 1), rtcp));
            return true;
        }

        private sealed class Socket : IMediaSocket
        {
            private readonly Wire _wire;

            public Socket(Wire wire, IPEndPoint local, IMediaReceiver receiver)
            {
                _wire = wire;
                LocalEndPoint = local;
                wire.Receivers[local] = receiver;
            }

            public IPEndPoint LocalEndPoint { get; }

            public void Send(ReadOnlySpan<byte> payload, IPEndPoint remote)
            {
                if (_wire.Receivers.TryGetValue(remote, out IMediaReceiver? receiver))
                    receiver.Received(payload, LocalEndPoint);
            }

            public void Dispose() => _wire.Receivers.TryRemove(LocalEndPoint, out _);
        }
    }
}
