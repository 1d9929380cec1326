// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>RTP from one host to another on one IP version, as captured: how many packets, when, and which tone is in it.</summary>
internal sealed class MediaFlow(string from, string to, IpVersion version) : IDisposable
{
    private const int RtpHeader = 12;
    private const int MostPackets = 10_000; // of which the sound is looked at
    private const int LargestFrame = 2048;

    private readonly ToneDetector _detector = new();

    /// <summary>The sender.</summary>
    public string From { get; } = from;

    /// <summary>The receiver.</summary>
    public string To { get; } = to;

    /// <summary>The IP version.</summary>
    public IpVersion Version { get; } = version;

    /// <summary>RTP packets.</summary>
    public int Packets { get; private set; }

    /// <summary>RTCP packets.</summary>
    public int ControlPackets { get; private set; }

    /// <summary>When the last RTP packet was sent, since the capture began.</summary>
    public TimeSpan LastAt { get; private set; }

    /// <summary>The tone in its sound, when it is G.711 and one clean tone.</summary>
    public ToneReading? Tone => _detector.Heard;

    /// <summary>Ends the listening.</summary>
    public void Dispose() => _detector.Dispose();

    // RFC 3550 §5.1; RTCP's packet types are told from RTP's by RFC 5761 §4.
    public void Add(TimeSpan at, ReadOnlySpan<byte> packet)
    {
        if (packet[1] is >= 192 and <= 223)
        {
            ControlPackets++;
            return;
        }

        Packets++;
        LastAt = at;
        AudioCodec? codec = (packet[1] & 0x7f) switch { 0 => AudioCodec.Pcmu, 8 => AudioCodec.Pcma, _ => null };
        int header = RtpHeader + ((packet[0] & 15) * 4);
        if ((packet[0] & 0x10) != 0 && packet.Length >= header + 4)
        {
            header += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 2)..]) * 4);
        }

        if (codec is { } law && Packets <= MostPackets && packet.Length > header && packet.Length - header <= LargestFrame)
        {
            Span<short> samples = stackalloc short[packet.Length - header];
            G711.Decode(law, packet[header..], samples);
            _detector.Write(samples);
        }
    }
}
