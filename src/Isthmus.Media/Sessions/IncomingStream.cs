// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>What we receive: validity, loss, jitter, digits, and the audio on its way to be played. Not thread-safe.</summary>
internal sealed class IncomingStream(JitterBufferOptions options)
{
    private readonly DigitReceiver _digits = new();
    private SequenceTracker? _sequence;
    private SequenceTracker? _candidate;
    private uint _candidateSsrc;
    private JitterEstimator _jitter;
    private long _missingBefore;
    private long _duplicatesBefore;
    private long _reported;
    private long _octets;

    public JitterBuffer Buffer { get; } = new(options);

    public uint? Ssrc { get; private set; }

    public long Packets { get; private set; }

    public long Late { get; private set; }

    private long Lost => _missingBefore + (_sequence?.Missing ?? 0);

    public long Duplicates => _duplicatesBefore + (_sequence?.Duplicates ?? 0);

    /// <param name="packet">Of a payload type that <paramref name="flow"/> names.</param>
    /// <param name="arrival">When it came, in units of 1/8000 s.</param>
    /// <param name="flow">Says what the payload is, and whether it is to be played.</param>
    /// <returns>The digit that this packet brings the first news of.</returns>
    public char? Received(in RtpPacket packet, uint arrival, MediaFlow flow)
    {
        if (!TryTrack(packet, out SequenceVerdict verdict))
            return null;
        Packets++;
        _octets += packet.Payload.Length;
        if (verdict == SequenceVerdict.Restarted)
        {
            Buffer.Reset();
            _digits.Reset();
            _jitter.Rebase();
        }

        if (packet.PayloadType == flow.ReceiveTelephoneEvent)
        {
            return TelephoneEvent.TryParse(packet.Payload, out TelephoneEvent telephoneEvent)
                ? _digits.Received(packet.Timestamp, packet.Marker, telephoneEvent)
                : null;
        }

        if (verdict == SequenceVerdict.Duplicate)
            return null;

        _jitter.Update(arrival, packet.Timestamp);
        if (flow.Receive && packet.Payload.Length <= JitterBuffer.LongestPacket && flow.TryFindCodec(packet.PayloadType, out AudioCodec codec))
        {
            Span<short> samples = stackalloc short[packet.Payload.Length];
            G711.Decode(codec, packet.Payload, samples);
            if (Buffer.Put(packet.Timestamp, samples, _jitter.Jitter) == Arrival.Late)
                Late++;
        }

        return null;
    }

    /// <summary>Our report block on it; null when nothing came since the last (RFC 3550 §6.4).</summary>
    public ReceptionReport? TakeReport(uint lastSenderReport, uint delaySince)
    {
        if (_sequence is not { IsValid: true } sequence || Ssrc is not { } ssrc || Packets == _reported)
            return null;
        _reported = Packets;
        return new ReceptionReport(
            ssrc, sequence.TakeFractionLost(), sequence.CumulativeLost, sequence.ExtendedHighest, _jitter.Jitter, lastSenderReport, delaySince);
    }

    public StreamStatistics Statistics()
    {
        long expected = Packets - Duplicates + Lost;
        return new StreamStatistics
        {
            Packets = Packets,
            Octets = _octets,
            Lost = Lost,
            LossFraction = expected > 0 ? Lost / (double)expected : 0,
            Jitter = TimeSpan.FromSeconds(_jitter.Jitter / (double)AudioFrame.SampleRate),
            HasReport = true,
        };
    }

    private bool TryTrack(in RtpPacket packet, out SequenceVerdict verdict)
    {
        if (_sequence is null)
        {
            Adopt(packet.Ssrc, new SequenceTracker(packet.SequenceNumber, minSequential: 1));
        }
        else if (packet.Ssrc != Ssrc)
        {
            // One packet of another source is noise; two in sequence are a new stream.
            if (_candidate is null || _candidateSsrc != packet.Ssrc)
            {
                _candidate = new SequenceTracker(packet.SequenceNumber);
                _candidateSsrc = packet.Ssrc;
            }

            verdict = _candidate.Update(packet.SequenceNumber);
            if (!_candidate.IsValid)
                return false;
            Adopt(packet.Ssrc, _candidate);
            return true;
        }

        verdict = _sequence!.Update(packet.SequenceNumber);
        return verdict is not (SequenceVerdict.Stray or SequenceVerdict.Probation);
    }

    private void Adopt(uint ssrc, SequenceTracker tracker)
    {
        _missingBefore = Lost;
        _duplicatesBefore = Duplicates;
        _sequence = tracker;
        _candidate = null;
        _jitter = default;
        Ssrc = ssrc;
        Buffer.Reset();
        _digits.Reset();
    }
}
