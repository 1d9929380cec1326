// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>The sender's part of an SR (RFC 3550 §6.4.1).</summary>
internal readonly record struct SenderInfo(NtpTime Ntp, uint RtpTimestamp, uint Packets, uint Octets)
{
    public const int Length = 20;

    public static SenderInfo Read(ReadOnlySpan<byte> info) => new(
        new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(info)),
        BinaryPrimitives.ReadUInt32BigEndian(info[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(info[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(info[16..]));

    public void Write(Span<byte> info)
    {
        BinaryPrimitives.WriteUInt64BigEndian(info, Ntp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(info[8..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(info[12..], Packets);
        BinaryPrimitives.WriteUInt32BigEndian(info[16..], Octets);
    }
}
