// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Media;

/// <summary>RTCP of a session of two: when to report, what to say, and what the other side says. Not thread-safe.</summary>
internal sealed class ReportExchange
{
    private readonly byte[] _cname;
    private readonly RtcpInterval _interval;
    private readonly DateTimeOffset _startOfTime;
    private TimeSpan _lastReport;
    private TimeSpan _nextReport = TimeSpan.MaxValue;
    private long _packetsAtLast;
    private long _packetsBeforeLast;
    private NtpTime _theirReport;
    private TimeSpan _theirReportCame;
    private bool _hasTheirReport;
    private bool _theySend;

    /// <param name="cname">Our canonical name.</param>
    /// <param name="minimum">See <see cref="MediaSessionOptions.MinimumReportInterval"/>.</param>
    /// <param name="random">For the spread of the intervals.</param>
    /// <param name="start">The wall-clock time of elapsed time zero: reports count from it, so that a clock that is set does no harm.</param>
    public ReportExchange(string cname, TimeSpan minimum, Func<uint> random, DateTimeOffset start)
    {
        _cname = Encoding.UTF8.GetBytes(cname);
        _interval = new RtcpInterval(minimum, random);
        _startOfTime = start;
    }

    /// <summary>What the other side says about our stream.</summary>
    public ReceptionReport? Theirs { get; private set; }

    public TimeSpan? RoundTrip { get; private set; }

    public string? Cname { get; private set; }

    public bool HasSent => !_interval.IsFirst;

    public void Begin(TimeSpan now)
    {
        _lastReport = now;
        _nextReport = now + NextInterval(weSend: true);
    }

    /// <summary>True when a report is to be sent now; reconsidered as RFC 3550 §6.3.6 says.</summary>
    public bool IsDue(TimeSpan now, long packetsSent)
    {
        if (now < _nextReport)
            return false;
        TimeSpan due = _lastReport + NextInterval(packetsSent > _packetsBeforeLast);
        if (due <= now)
            return true;
        _nextReport = due;
        return false;
    }

    /// <summary>SR or RR, SDES, and at the end BYE. Returns the length; <paramref name="compound"/> holds <see cref="RtcpWriter.MaxLength"/>.</summary>
    public int Write(Span<byte> compound, TimeSpan now, OutgoingStream outgoing, IncomingStream incoming, bool bye)
    {
        bool weSend = outgoing.TotalPackets > _packetsBeforeLast;
        uint delay = _hasTheirReport ? NtpTime.ToCompact(now - _theirReportCame) : 0;
        ReceptionReport? report = incoming.TakeReport(_hasTheirReport ? _theirReport.Compact : 0, delay);
        SenderInfo? sender = weSend
            ? new SenderInfo(NtpAt(now), outgoing.TimestampAt(now), (uint)outgoing.Packets, (uint)outgoing.Octets)
            : null;

        RtcpWriter writer = new(compound);
        writer.Report(outgoing.Ssrc, sender, report);
        writer.Cname(outgoing.Ssrc, _cname);
        if (bye)
            writer.Bye(outgoing.Ssrc);

        _packetsBeforeLast = _packetsAtLast;
        _packetsAtLast = outgoing.TotalPackets;
        _theySend = report is not null;
        _interval.Sent(writer.Length);
        _lastReport = now;
        _nextReport = now + NextInterval(weSend);
        return writer.Length;
    }

    /// <summary>Takes a valid compound. True when it says goodbye for <paramref name="theirSsrc"/>.</summary>
    public bool Received(ReadOnlySpan<byte> compound, TimeSpan now, uint ourSsrc, uint? theirSsrc)
    {
        bool bye = false;
        _interval.Saw(compound.Length);
        RtcpReader reader = new(compound);
        while (reader.TryNext(out RtcpPacket packet))
        {
            if (packet.TryReadSender(out SenderInfo sender))
            {
                _theirReport = sender.Ntp;
                _theirReportCame = now;
                _hasTheirReport = true;
            }

            if (packet.TryReadSource(out uint source))
                theirSsrc ??= source;
            if (packet.TryReadReportOn(ourSsrc, out ReceptionReport report))
                Hear(report, now);
            if (Cname is null && packet.TryReadCname(out string? cname))
                Cname = cname;
            if (theirSsrc is { } ssrc && packet.IsByeOf(ssrc))
                bye = true;
        }

        return bye;
    }

    private void Hear(ReceptionReport report, TimeSpan now)
    {
        Theirs = report;
        if (report.LastSenderReport == 0)
            return;

        // RFC 3550 §6.4.1: A - LSR - DLSR. Rounding may make it a hair less than nothing.
        int units = (int)(NtpAt(now).Compact - report.LastSenderReport - report.DelaySinceLastSenderReport);
        RoundTrip = NtpTime.FromCompact((uint)Math.Max(0, units));
    }

    private NtpTime NtpAt(TimeSpan now) => NtpTime.From(_startOfTime + now);

    private TimeSpan NextInterval(bool weSend)
    {
        int members = _hasTheirReport || _theySend ? 2 : 1;
        int senders = (weSend ? 1 : 0) + (_theySend ? 1 : 0);
        return _interval.Next(members, senders, weSend);
    }
}
