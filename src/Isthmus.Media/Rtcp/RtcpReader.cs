// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Isthmus.Media;

/// <summary>Walks the packets of an RTCP compound. <see cref="IsValid"/> is the check of RFC 3550 Appendix A.2, made first.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> datagram)
{
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>Version 2 throughout, an SR or RR first and without padding, and lengths that add up.</summary>
    public static bool IsValid(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2 * HeaderLength || (datagram[0] & 0x20) != 0 || datagram[1] is not (RtcpPacket.SenderReport or RtcpPacket.ReceiverReport))
            return false;

        while (!datagram.IsEmpty)
        {
            if (datagram.Length < HeaderLength || datagram[0] >> 6 != 2)
                return false;
            int length = LengthOf(datagram);
            if (length > datagram.Length)
                return false;
            datagram = datagram[length..];
        }

        return true;
    }

    public bool TryNext(out RtcpPacket packet)
    {
        packet = default;
        if (_rest.Length < HeaderLength)
            return false;
        int length = LengthOf(_rest);
        if (length > _rest.Length)
            return false;
        packet = new RtcpPacket(_rest[1], _rest[0] & 0x1f, _rest[HeaderLength..length]);
        _rest = _rest[length..];
        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> packet) => 4 * (1 + BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
}
