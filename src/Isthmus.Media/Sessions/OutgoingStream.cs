// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>What we send: numbers, timestamps, encoding, digits. Not thread-safe.</summary>
internal sealed class OutgoingStream(uint ssrc, Func<uint> random)
{
    public const int MaxPacket = RtpPacket.FixedHeaderLength + AudioFrame.Samples;

    private readonly uint _timestampBase = random();
    private ushort _sequence = (ushort)random();
    private TimeSpan _begin;
    private bool _talking;
    private long _packetsBefore;
    private long _octetsBefore;

    public uint Ssrc { get; private set; } = ssrc;

    public DigitSender Digits { get; } = new();

    public long Packets { get; private set; }

    public long Octets { get; private set; }

    /// <summary>Under all the SSRCs that we had.</summary>
    public long TotalPackets => _packetsBefore + Packets;

    /// <summary>Frame 0 is due 20 ms from now.</summary>
    public void Begin(TimeSpan now) => _begin = now + AudioFrame.Duration;

    /// <summary>The RTP timestamp of a moment (what an SR needs).</summary>
    public uint TimestampAt(TimeSpan now) => _timestampBase + (uint)(long)((now - _begin).TotalSeconds * AudioFrame.SampleRate);

    /// <summary>The other side uses our SSRC: take another (RFC 3550 §8.2).</summary>
    public void Renew()
    {
        Ssrc = random();
        _packetsBefore += Packets;
        _octetsBefore += Octets;
        Packets = 0;
        Octets = 0;
        _talking = false;
    }

    /// <summary>Writes the packet of frame number <paramref name="frame"/>: a digit's where one is playing, else the audio. Returns its length.</summary>
    public int Write(MediaFlow flow, long frame, ReadOnlySpan<short> audio, Span<byte> packet)
    {
        uint timestamp = _timestampBase + (uint)(frame * AudioFrame.Samples);
        Span<byte> payload = packet[RtpPacket.FixedHeaderLength..];
        byte payloadType = flow.PayloadType;
        bool marker = !_talking;
        int length;
        if (flow.SendTelephoneEvent is { } eventType && Digits.TryNext(timestamp, out TelephoneEvent digit, out uint beginning, out bool first))
        {
            digit.Write(payload);
            length = TelephoneEvent.Length;
            payloadType = eventType;
            timestamp = beginning;
            marker = first;
            _talking = false; // audio after it is a new talkspurt
        }
        else
        {
            length = G711.Encode(flow.Codec, audio, payload);
            _talking = true;
        }

        new RtpHeader(payloadType, marker, _sequence++, timestamp, Ssrc).Write(packet);
        Packets++;
        Octets += length;
        return RtpPacket.FixedHeaderLength + length;
    }

    public StreamStatistics Statistics(ReceptionReport? theirs) => new()
    {
        Packets = _packetsBefore + Packets,
        Octets = _octetsBefore + Octets,
        Lost = Math.Max(0, theirs?.CumulativeLost ?? 0),
        LossFraction = (theirs?.FractionLost ?? 0) / 256.0,
        Jitter = TimeSpan.FromSeconds((theirs?.Jitter ?? 0) / (double)AudioFrame.SampleRate),
        HasReport = theirs is not null,
    };

    /// <summary>We send nothing for a while.</summary>
    public void Pause() => _talking = false;
}
