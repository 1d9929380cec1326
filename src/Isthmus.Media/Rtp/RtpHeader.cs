// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>The fixed header of an RTP packet that we send (RFC 3550 §5.1): no padding, extension or contributing sources.</summary>
internal readonly record struct RtpHeader(byte PayloadType, bool Marker, ushort SequenceNumber, uint Timestamp, uint Ssrc)
{
    /// <summary>Writes 12 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = 2 << 6;
        destination[1] = (byte)((Marker ? 0x80 : 0) | (PayloadType & 0x7f));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Ssrc);
    }
}
