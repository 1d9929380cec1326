// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Media;

namespace Isthmus.Tests.Media;

public sealed class MediaSessionTests
{
    [Theory]
    [InlineData(AudioCodec.Pcmu, false)]
    [InlineData(AudioCodec.Pcma, false)]
    [InlineData(AudioCodec.Pcmu, true)]
    [InlineData(AudioCodec.Pcma, true)]
    public void Call_TwoSessions_EachHearsTheOthersTone(AudioCodec codec, bool ipv6)
    {
        using MediaCall call = new(codec, ipv6);

        call.Run(4);

        Assert.True(call.B.Ear.Heard!.Value.IsTone(440), $"{call.B.Ear.Heard}");
        Assert.True(call.A.Ear.Heard!.Value.IsTone(1000), $"{call.A.Ear.Heard}");
        Assert.InRange(call.B.Ear.CleanWindows, 18, 20);
        MediaStatistics a = call.A.Statistics;
        Assert.Equal(200, a.Sent.Packets);
        Assert.Equal(200 * 160, a.Sent.Octets);
        Assert.Equal(200, call.B.Statistics.Received.Packets);
        Assert.Equal(0, call.B.Statistics.Received.Lost);
        Assert.Equal(TimeSpan.Zero, call.B.Statistics.Received.Jitter);
        Assert.Equal(0, call.B.Statistics.Concealed);
        Assert.Equal(ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, a.AddressFamily);
        Assert.Equal(call.B.Statistics.Ssrc, a.RemoteSsrc);
        Assert.Equal("b@test", a.RemoteCname);
    }

    [Fact]
    public void TryOpen_Pair_IsEvenAndNextOdd_AndComesBack()
    {
        using MediaCall call = new(start: false);
        Assert.Equal(0, call.A.Session.LocalRtp.Port % 2);
        Assert.Equal(call.A.Session.LocalRtp.Port + 1, call.A.Session.LocalRtcp.Port);
        Assert.Equal(4, call.Network.OpenSockets);

        call.Dispose();
        call.Dispose();

        Assert.Equal(0, call.Network.OpenSockets);
        Assert.Empty(call.Network.Sent); // RFC 3550 §6.3.7
    }

    [Fact]
    public void TryOpen_NoPairFree_SaysSo()
    {
        using MediaCall call = new(start: false);
        PortRange one = new(30001, 30003);
        Assert.Equal(1, one.PairCount);
        Assert.True(MediaSession.TryOpen(call.Network, IPAddress.Loopback, one, new MediaSessionOptions(), call.Time, out MediaSession? first));
        Assert.Equal(30002, first.LocalRtp.Port);
        Assert.False(MediaSession.TryOpen(call.Network, IPAddress.Loopback, one, new MediaSessionOptions(), call.Time, out _));

        first.Dispose();
        Assert.True(MediaSession.TryOpen(call.Network, IPAddress.Loopback, one, new MediaSessionOptions(), call.Time, out MediaSession? second));
        second.Dispose();
    }

    [Fact]
    public void Update_OtherIpVersion_Throws_AndMappedCountsAsIPv4()
    {
        using MediaCall call = new(start: false);
        Assert.Throws<ArgumentException>(() => call.A.Session.Update(new MediaFlow { Remote = new IPEndPoint(IPAddress.IPv6Loopback, 4000) }));

        call.A.Session.Update(new MediaFlow { Remote = new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 4000) });
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 4000), call.A.Statistics.Remote);
    }

    [Fact]
    public void Hold_AndResume_AudioStopsAndComesBack()
    {
        using MediaCall call = new();
        call.Run(1);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));

        // A holds B: A sends on (music on hold), B hears it, A hears nothing.
        call.A.Session.Update(call.Towards(call.B) with { Receive = false });
        call.B.Session.Update(call.Towards(call.A) with { Send = false });
        long sentByB = call.B.Statistics.Sent.Packets;
        call.Run(2);
        Assert.Equal(sentByB, call.B.Statistics.Sent.Packets);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));
        Assert.True(call.A.Meter.LevelDb < -80, $"{call.A.Meter.LevelDb}");

        call.Start();
        call.Run(1);
        Assert.True(call.A.Ear.Latest!.Value.IsTone(1000));
        Assert.Equal(0, call.A.Statistics.Received.Lost);
        Assert.Equal(0, call.A.Statistics.Late);
    }

    [Fact]
    public void Hold_ReceiveOff_WhatComesIsCountedAndNotPlayed()
    {
        using MediaCall call = new();
        call.Run(1);
        call.A.Session.Update(call.Towards(call.B) with { Receive = false });
        call.Run(2);
        Assert.True(call.A.Meter.LevelDb < -80);
        Assert.Equal(call.B.Statistics.Sent.Packets, call.A.Statistics.Received.Packets);
    }

    [Theory]
    [InlineData("0.0.0.0", 4000)]
    [InlineData("127.0.0.1", 0)]
    public void Update_NowhereToSend_SendsNothing(string address, int port)
    {
        using MediaCall call = new(start: false);
        call.A.Session.Update(new MediaFlow { Remote = new IPEndPoint(IPAddress.Parse(address), port) });
        call.Run(1);
        Assert.Equal(0, call.A.Statistics.Sent.Packets);
        Assert.DoesNotContain(call.Network.Sent, datagram => !MemoryMedia.IsRtcp(datagram.Payload));
    }

    [Fact]
    public void Tick_Late_CatchesUpToABound()
    {
        using MediaCall call = new();
        call.Run(1);
        long before = call.A.Statistics.Sent.Packets;

        call.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(before + 5, call.A.Statistics.Sent.Packets);

        call.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before + 5 + 10, call.A.Statistics.Sent.Packets);

        call.Network.Deliver();
        call.Run(2);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));
        Assert.Equal(0, call.B.Statistics.Received.Lost);
    }

    [Fact]
    public void Source_Changed_IsHeard()
    {
        using MediaCall call = new();
        call.Run(1);
        call.A.Session.Source = new ToneSource(600);
        call.Run(1);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(600));
    }

    [Fact]
    public void Dispose_SaysGoodbye_AndFallsSilent()
    {
        using MediaCall call = new();
        call.Run(1);
        call.A.Session.Dispose();
        call.Run(1);
        long sent = call.A.Statistics.Sent.Packets;
        call.Run(1);

        Assert.Equal(1, call.B.Byes);
        Assert.Equal(50, sent);
        Assert.Equal(sent, call.A.Statistics.Sent.Packets);
        Assert.Equal(50, call.B.Statistics.Received.Packets);
        Assert.True(call.B.Meter.LevelDb < -80);
        Assert.True(call.B.Statistics.SinceLastPacket > TimeSpan.FromSeconds(1.9));
        Assert.False(call.A.Session.SendDigits("1"));
        call.A.Session.Update(call.Towards(call.B));
    }

    [Fact]
    public void Unreachable_Rtp_IsToldOncePerUpdate()
    {
        using MediaCall call = new();
        call.Network.TellUnreachable(call.A.Session.LocalRtp);
        call.Network.TellUnreachable(call.A.Session.LocalRtp);
        call.Network.TellUnreachable(call.A.Session.LocalRtcp);
        Assert.Equal([SocketError.ConnectionRefused], call.A.Errors);
    }

    [Fact]
    public void Received_SsrcCollision_TakesAnother_ButNotForEver()
    {
        using MediaCall call = new();
        call.Run(1);
        uint first = call.A.Statistics.Ssrc;
        for (ushort i = 0; i < 20; i++)
        {
            byte[] packet = new byte[172];
            new RtpHeader(0, false, i, i * 160u, call.A.Statistics.Ssrc).Write(packet);
            call.Network.Inject(packet, call.B.Session.LocalRtp, call.A.Session.LocalRtp);
        }

        Assert.NotEqual(first, call.A.Statistics.Ssrc);
        Assert.Equal(20, call.A.Statistics.Ignored);
        call.Run(1);
        Assert.Equal(call.A.Statistics.Ssrc, call.B.Statistics.RemoteSsrc);
        Assert.True(call.B.Ear.Latest!.Value.IsTone(440));
    }

    [Fact]
    public void Received_PeerRestartsWithAnotherSsrc_IsFollowed()
    {
        using MediaCall call = new();
        call.Run(1);
        IPEndPoint b = call.B.Session.LocalRtp;
        call.B.Session.Dispose();
        Assert.True(MediaSession.TryOpen(
            call.Network, b.Address, new PortRange(b.Port, b.Port + 1), new MediaSessionOptions { Source = new ToneSource(700) }, call.Time, out MediaSession? restarted));
        restarted.Update(call.Towards(call.A));
        call.Run(1);

        Assert.True(call.A.Ear.Latest!.Value.IsTone(700));
        Assert.Equal(restarted.Statistics().Ssrc, call.A.Statistics.RemoteSsrc);
        Assert.Equal(0, call.A.Statistics.Received.Lost);
        restarted.Dispose();
    }

    [Fact]
    public void Tick_SteadyState_AllocatesNothing()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        Loop loop = new();
        Assert.True(MediaSession.TryOpen(
            loop, IPAddress.Loopback, PortRange.Any, new MediaSessionOptions { Source = new ToneSource(440), Sink = new LevelMeter(), Ssrc = 1 }, time, out MediaSession? session));
        session.Update(new MediaFlow { Remote = new IPEndPoint(IPAddress.Loopback, 4000) });
        TimeSpan frame = TimeSpan.FromMilliseconds(20);
        for (int i = 0; i < 100; i++)
            time.Advance(frame);

        long withMedia = Measure(() => time.Advance(frame));
        session.Dispose();
        using ITimer timer = time.CreateTimer(_ => { }, null, frame, frame);
        long withoutMedia = Measure(() => time.Advance(frame));

        Assert.True(session.Statistics().Received.Packets > 150);
        Assert.InRange(withMedia - withoutMedia, long.MinValue, 1000); // per 100 frames: an RTCP report may fall in
    }

    private static long Measure(Action tick)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            tick();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>What is sent comes back as another source's, without an allocation.</summary>
    private sealed class Loop : IMediaSockets, IMediaSocket
    {
        private readonly byte[] _copy = new byte[2000];
        private IMediaReceiver? _receiver;

        public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 4002);

        public bool TryOpenPair(
            IPAddress local, PortRange range, IMediaReceiver rtp, IMediaReceiver rtcp, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MediaSocketPair? pair)
        {
            _receiver = rtp;
            pair = new MediaSocketPair(this, this);
            return true;
        }

        public void Send(ReadOnlySpan<byte> payload, IPEndPoint remote)
        {
            payload.CopyTo(_copy);
            _copy[11] ^= 0xff;
            if (payload[1] < 200)
                _receiver!.Received(_copy.AsSpan(0, payload.Length), remote);
        }

        public void Dispose()
        {
        }
    }
}
