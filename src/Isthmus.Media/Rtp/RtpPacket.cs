// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>A view over a received RTP packet (RFC 3550 §5.1).</summary>
internal readonly ref struct RtpPacket
{
    public const int FixedHeaderLength = 12;

    private const byte ExtensionBit = 0x10;
    private const byte PaddingBit = 0x20;

    private RtpPacket(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> payload)
    {
        Marker = (datagram[1] & 0x80) != 0;
        PayloadType = (byte)(datagram[1] & 0x7f);
        SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        Payload = payload;
    }

    public bool Marker { get; }

    public byte PayloadType { get; }

    public ushort SequenceNumber { get; }

    public uint Timestamp { get; }

    public uint Ssrc { get; }

    /// <summary>What follows CSRC list and extension, without the padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>False for what RFC 3550 Appendix A.1 does not let pass: another version, RTCP, lengths that do not fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (datagram.Length < FixedHeaderLength || datagram[0] >> 6 != 2)
            return false;
        if (datagram[1] is >= 192 and <= 223) // RTCP on the RTP port: RFC 5761 §4
            return false;

        int start = FixedHeaderLength + (4 * (datagram[0] & 0x0f));
        if ((datagram[0] & ExtensionBit) != 0)
        {
            if (datagram.Length < start + 4)
                return false;
            start += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]));
        }

        int end = datagram.Length;
        if ((datagram[0] & PaddingBit) != 0)
        {
            if (datagram[^1] == 0)
                return false;
            end -= datagram[^1];
        }

        if (start > end)
            return false;
        packet = new RtpPacket(datagram, datagram[start..end]);
        return true;
    }
}
