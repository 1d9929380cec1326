// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Media;

/// <summary>
/// The audio of one call on one IP version: its two sockets, RTP and RTCP (RFC 3550), G.711, telephone-events (RFC 4733).
/// A call whose media moves to the other IP version opens another session. Any thread may call anything; sockets, source,
/// sink and observer are called while no lock is held.
/// </summary>
public sealed class MediaSession : IDisposable
{
    private const int MaxSsrcChanges = 3;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _startOfTime;
    private readonly IAudioSink _sink;
    private readonly IMediaObserver? _observer;
    private readonly Pacer _pacer = new();
    private readonly OutgoingStream _outgoing;
    private readonly IncomingStream _incoming;
    private readonly ReportExchange _reports;
    private MediaSocketPair _sockets = null!; // set by TryOpen, before anybody has the session
    private IAudioSource _source;
    private ITimer? _timer;
    private MediaFlow? _flow;
    private RemoteLatch? _latch;
    private TimeSpan? _lastPacket;
    private long _ignored;
    private int _ssrcChanges;
    private int _ticking;
    private bool _toldUnreachable;
    private bool _disposed;

    private MediaSession(MediaSessionOptions options, TimeProvider time)
    {
        Func<uint> random = options.RandomNumbers ?? SourceIdentity.Random;
        _time = time;
        _startOfTime = time.GetTimestamp();
        _source = options.Source;
        _sink = options.Sink;
        _observer = options.Observer;
        _outgoing = new OutgoingStream(options.Ssrc ?? random(), random);
        _incoming = new IncomingStream(options.JitterBuffer);
        _reports = new ReportExchange(options.Cname ?? SourceIdentity.Cname(), options.MinimumReportInterval, random, time.GetUtcNow());
    }

    /// <summary>Where we receive RTP: the address and port of our SDP.</summary>
    public IPEndPoint LocalRtp { get; private set; } = null!;

    /// <summary>Where we receive RTCP: the port above.</summary>
    public IPEndPoint LocalRtcp { get; private set; } = null!;

    /// <summary>Whether <see cref="Update"/> has been called.</summary>
    public bool IsStarted
    {
        get
        {
            lock (_gate)
                return _flow is not null;
        }
    }

    /// <summary>What we send; may be changed at any time. The session does not dispose it.</summary>
    public IAudioSource Source
    {
        get => Volatile.Read(ref _source);
        set => Volatile.Write(ref _source, value);
    }

    /// <summary>Opens the sockets; false when no pair of ports is free. Nothing is sent or heard before <see cref="Update"/>.</summary>
    /// <param name="sockets">The program's network.</param>
    /// <param name="local">One address of the IP version that the media is to use.</param>
    /// <param name="ports">Where to look for a free pair.</param>
    /// <param name="options">Source, sink and names.</param>
    /// <param name="time">Paces everything.</param>
    /// <param name="session">To be disposed at the end of the call.</param>
    public static bool TryOpen(
        IMediaSockets sockets, IPAddress local, PortRange ports, MediaSessionOptions options, TimeProvider time, [NotNullWhen(true)] out MediaSession? session)
    {
        session = null;
        MediaSession opened = new(options, time);
        local = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        if (!sockets.TryOpenPair(local, ports, new RtpReceiver(opened), new RtcpReceiver(opened), out MediaSocketPair? pair))
            return false;
        opened._sockets = pair;
        opened.LocalRtp = pair.Rtp.LocalEndPoint.Normalised;
        opened.LocalRtcp = pair.Rtcp.LocalEndPoint.Normalised;
        session = opened;
        return true;
    }

    /// <summary>
    /// Starts, or goes on with what a later offer and answer agreed: another address, codec or direction (hold, resume).
    /// Ignored once disposed.
    /// </summary>
    /// <exception cref="ArgumentException">The other side's address is of the other IP version: that needs another session.</exception>
    public void Update(MediaFlow flow)
    {
        flow = flow.Normalised;
        IPEndPoint rtcp = flow.Rtcp;
        if (flow.Remote.AddressFamily != LocalRtp.AddressFamily || rtcp.AddressFamily != LocalRtp.AddressFamily)
            throw new ArgumentException($"{flow.Remote} is not of the IP version of {LocalRtp}.", nameof(flow));

        lock (_gate)
        {
            if (_disposed)
                return;
            bool starts = _flow is null;
            if (_latch is null || !_latch.IsSignalled(flow.Remote, rtcp))
                _latch = new RemoteLatch(flow.Remote, rtcp);
            if (_flow is { Receive: true } && !flow.Receive)
                _incoming.Buffer.Reset();
            _flow = flow;
            _toldUnreachable = false;
            if (!starts)
                return;

            TimeSpan now = Now;
            _pacer.Start(now);
            _outgoing.Begin(now);
            _reports.Begin(now);
            _timer = _time.CreateTimer(static state => ((MediaSession)state!).Tick(), this, AudioFrame.Duration, AudioFrame.Duration);
        }
    }

    /// <summary>
    /// Queues digits to be sent as telephone-events, each for <paramref name="duration"/> (40 ms to 8 s; 100 ms unless given).
    /// False, and nothing is queued, when one is not a digit, when more than 32 would wait, or when the other side does not
    /// understand telephone-events or the session has not started.
    /// </summary>
    public bool SendDigits(string digits, TimeSpan? duration = null)
    {
        lock (_gate)
        {
            if (_disposed || _flow?.SendTelephoneEvent is null || digits.Length > _outgoing.Digits.Free || !digits.All(Dtmf.IsDigit))
                return false;
            foreach (char digit in digits)
                _outgoing.Digits.Enqueue(digit, duration ?? TimeSpan.FromMilliseconds(100));
            return true;
        }
    }

    /// <summary>The call's media now; stays readable after <see cref="Dispose"/>.</summary>
    public MediaStatistics Statistics()
    {
        lock (_gate)
        {
            return new MediaStatistics
            {
                Local = LocalRtp,
                Remote = _latch?.Rtp,
                Sent = _outgoing.Statistics(_reports.Theirs),
                Received = _incoming.Statistics(),
                RoundTrip = _reports.RoundTrip,
                Late = _incoming.Late,
                Duplicates = _incoming.Duplicates,
                Concealed = _incoming.Buffer.Concealed,
                Ignored = _ignored,
                SinceLastPacket = Now - _lastPacket,
                Ssrc = _outgoing.Ssrc,
                RemoteSsrc = _incoming.Ssrc,
                RemoteCname = _reports.Cname,
            };
        }
    }

    /// <summary>Says goodbye (RTCP BYE, with a last report) and closes both sockets. Source and sink stay their owner's.</summary>
    public void Dispose()
    {
        Span<byte> compound = stackalloc byte[RtcpWriter.MaxLength];
        int length = 0;
        IPEndPoint? remote;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            remote = _latch?.Rtcp;

            // RFC 3550 §6.3.7: who never sent anything does not say goodbye.
            if (remote is { IsReachable: true } && (_outgoing.TotalPackets > 0 || _reports.HasSent))
                length = _reports.Write(compound, Now, _outgoing, _incoming, bye: true);
        }

        _timer?.Dispose();
        if (length > 0)
            _sockets.Rtcp.Send(compound[..length], remote!);
        _sockets.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(_startOfTime);

    /// <summary>One thread at a time: what a tick that found another at work left undone, the next one catches up.</summary>
    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
            return;
        try
        {
            for (int due = _pacer.Due(Now); due > 0; due--)
            {
                SendFrame();
                PlayFrame();
                _pacer.Advance();
            }

            SendReport();
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private void SendFrame()
    {
        Span<short> audio = stackalloc short[AudioFrame.Samples];
        Span<byte> packet = stackalloc byte[OutgoingStream.MaxPacket];
        if (!MaySend())
            return;

        int read = Source.Read(audio);
        audio[Math.Clamp(read, 0, audio.Length)..].Clear();
        int length;
        IPEndPoint remote;
        lock (_gate)
        {
            if (_disposed)
                return;
            length = _outgoing.Write(_flow!, _pacer.Frame, audio, packet);
            remote = _latch!.Rtp;
        }

        _sockets.Rtp.Send(packet[..length], remote);
    }

    private bool MaySend()
    {
        lock (_gate)
        {
            if (_disposed)
                return false;
            if (_flow!.Send && _latch!.Rtp.IsReachable)
                return true;
            _outgoing.Pause();
            return false;
        }
    }

    private void PlayFrame()
    {
        Span<short> audio = stackalloc short[AudioFrame.Samples];
        lock (_gate)
        {
            if (_disposed || _lastPacket is null)
                return;
            if (_flow!.Receive)
                _incoming.Buffer.Take(audio);
            else
                audio.Clear();
        }

        _sink.Write(audio);
    }

    private void SendReport()
    {
        Span<byte> compound = stackalloc byte[RtcpWriter.MaxLength];
        int length;
        IPEndPoint remote;
        lock (_gate)
        {
            if (_disposed || !_latch!.Rtcp.IsReachable || !_reports.IsDue(Now, _outgoing.TotalPackets))
                return;
            remote = _latch.Rtcp;
            length = _reports.Write(compound, Now, _outgoing, _incoming, bye: false);
        }

        _sockets.Rtcp.Send(compound[..length], remote);
    }

    private void OnRtp(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        char? digit = null;
        from = from.Normalised;
        lock (_gate)
        {
            if (_disposed || _flow is null)
                return;
            if (!RtpPacket.TryParse(datagram, out RtpPacket packet) || !IsAgreed(packet.PayloadType)
                || !_latch!.AcceptsRtp(from, packet.SequenceNumber, packet.Ssrc))
            {
                _ignored++;
                return;
            }

            TimeSpan now = Now;
            if (packet.Ssrc == _outgoing.Ssrc)
                OnCollision();
            else
                digit = _incoming.Received(packet, (uint)(long)(now.TotalSeconds * AudioFrame.SampleRate), _flow);
            _lastPacket = now;
        }

        if (digit is { } pressed)
            _observer?.OnDigit(pressed);
    }

    private bool IsAgreed(byte payloadType) => payloadType == _flow!.ReceiveTelephoneEvent || _flow.TryFindCodec(payloadType, out _);

    private void OnCollision()
    {
        _ignored++;
        if (_ssrcChanges++ < MaxSsrcChanges) // a loop of our own packets would have us change for ever
            _outgoing.Renew();
    }

    private void OnRtcp(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        bool bye;
        from = from.Normalised;
        lock (_gate)
        {
            if (_disposed || _flow is null)
                return;
            if (!RtcpReader.IsValid(datagram) || !_latch!.AcceptsRtcp(from))
            {
                _ignored++;
                return;
            }

            bye = _reports.Received(datagram, Now, _outgoing.Ssrc, _incoming.Ssrc);
        }

        if (bye)
            _observer?.OnBye();
    }

    private void OnUnreachable(SocketError error)
    {
        lock (_gate)
        {
            if (_disposed || _toldUnreachable)
                return;
            _toldUnreachable = true;
        }

        _observer?.OnUnreachable(error);
    }

    private sealed class RtpReceiver(MediaSession session) : IMediaReceiver
    {
        public void Received(ReadOnlySpan<byte> payload, IPEndPoint from) => session.OnRtp(payload, from);

        public void Unreachable(IPEndPoint? remote, SocketError error) => session.OnUnreachable(error);
    }

    private sealed class RtcpReceiver(MediaSession session) : IMediaReceiver
    {
        public void Received(ReadOnlySpan<byte> payload, IPEndPoint from) => session.OnRtcp(payload, from);

        /// <summary>Nothing: terminals without RTCP are common, and the call does not suffer.</summary>
        public void Unreachable(IPEndPoint? remote, SocketError error)
        {
        }
    }
}
