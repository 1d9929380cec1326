// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>One report block of an SR or RR (RFC 3550 §6.4.1): how a stream arrives.</summary>
/// <param name="Ssrc">The source reported on.</param>
/// <param name="FractionLost">Loss since the report before, in 1/256.</param>
/// <param name="CumulativeLost">Packets lost since the beginning, 24 bits signed.</param>
/// <param name="ExtendedHighest">Highest sequence number with its cycles.</param>
/// <param name="Jitter">In timestamp units.</param>
/// <param name="LastSenderReport">Compact NTP time of the last SR that came; 0 for none.</param>
/// <param name="DelaySinceLastSenderReport">In 1/65536 s.</param>
internal readonly record struct ReceptionReport(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighest, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    public static ReceptionReport Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        block[4],
        BinaryPrimitives.ReadInt32BigEndian(block[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[20..]));

    public void Write(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(block[4..], (CumulativeLost & 0xffffff) | (FractionLost << 24));
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceLastSenderReport);
    }
}
