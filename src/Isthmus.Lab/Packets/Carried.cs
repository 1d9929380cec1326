// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;

namespace Isthmus.Lab;

/// <summary>What a UDP datagram or a TCP segment carries (RFC 768, RFC 9293 §3.1).</summary>
internal readonly record struct Carried(IPEndPoint Source, IPEndPoint Destination, bool IsTcp, ReadOnlyMemory<byte> Payload)
{
    private const int UdpHeader = 8;
    private const int TcpHeader = 20;

    /// <summary>The sequence number of a TCP segment's first octet.</summary>
    public uint Sequence { get; private init; }

    /// <summary>Whether a TCP segment opens its direction: SYN takes one sequence number.</summary>
    public bool Opens { get; private init; }

    /// <summary>Reads it; false for other protocols and for what is cut off.</summary>
    public static bool TryRead(in IpPacket packet, out Carried carried)
    {
        carried = default;
        ReadOnlySpan<byte> bytes = packet.Payload.Span;
        if (bytes.Length < UdpHeader || packet.Protocol is not (IpPacket.Udp or IpPacket.Tcp))
        {
            return false;
        }

        var source = new IPEndPoint(packet.Source, BinaryPrimitives.ReadUInt16BigEndian(bytes));
        var destination = new IPEndPoint(packet.Destination, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        if (packet.Protocol == IpPacket.Udp)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            if (length < UdpHeader || length > bytes.Length)
            {
                return false;
            }

            carried = new(source, destination, false, packet.Payload[UdpHeader..length]);
            return true;
        }

        int header = bytes.Length < TcpHeader ? int.MaxValue : (bytes[12] >> 4) * 4;
        if (header < TcpHeader || header > bytes.Length)
        {
            return false;
        }

        carried = new(source, destination, true, packet.Payload[header..])
        {
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Opens = (bytes[13] & 2) != 0,
        };
        return true;
    }
}
