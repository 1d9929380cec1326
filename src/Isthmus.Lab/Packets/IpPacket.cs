// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;

namespace Isthmus.Lab;

/// <summary>An IPv4 or IPv6 packet in an Ethernet frame, or a fragment of one.</summary>
internal readonly record struct IpPacket(IPAddress Source, IPAddress Destination, byte Protocol, ReadOnlyMemory<byte> Payload)
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    private const int EthernetHeader = 14;
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;
    private const int MostExtensions = 8;
    private const byte FragmentHeader = 44;

    /// <summary>The number that the fragments of a packet share.</summary>
    public uint Identification { get; private init; }

    /// <summary>Where in the packet this fragment belongs, in octets.</summary>
    public int Offset { get; private init; }

    /// <summary>Whether fragments come after this one.</summary>
    public bool HasMore { get; private init; }

    public bool IsFragment => Offset > 0 || HasMore;

    /// <summary>Reads what an Ethernet frame carries; false for what is not IP or is cut off.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out IpPacket packet)
    {
        packet = default;
        if (frame.Length < EthernetHeader)
        {
            return false;
        }

        ReadOnlyMemory<byte> packetBytes = frame[EthernetHeader..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame.Span[12..]) switch
        {
            0x0800 => TryReadIpv4(packetBytes, out packet),
            0x86dd => TryReadIpv6(packetBytes, out packet),
            _ => false,
        };
    }

    /// <summary>The packet with another payload, and no fragment any more.</summary>
    public IpPacket Whole(ReadOnlyMemory<byte> payload) => new(Source, Destination, Protocol, payload);

    // RFC 791 §3.1
    private static bool TryReadIpv4(ReadOnlyMemory<byte> bytes, out IpPacket packet)
    {
        packet = default;
        ReadOnlySpan<byte> header = bytes.Span;
        if (header.Length < Ipv4Header || header[0] >> 4 != 4)
        {
            return false;
        }

        int headerLength = (header[0] & 15) * 4, length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        length = length == 0 ? bytes.Length : length; // a large one that the interface would have cut
        if (headerLength < Ipv4Header || length < headerLength || length > bytes.Length)
        {
            return false;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        packet = new(new IPAddress(header.Slice(12, 4)), new IPAddress(header.Slice(16, 4)), header[9], bytes[headerLength..length])
        {
            Identification = BinaryPrimitives.ReadUInt16BigEndian(header[4..]),
            Offset = (flags & 0x1fff) * 8,
            HasMore = (flags & 0x2000) != 0,
        };
        return true;
    }

    // RFC 8200 §3 and §4
    private static bool TryReadIpv6(ReadOnlyMemory<byte> bytes, out IpPacket packet)
    {
        packet = default;
        ReadOnlySpan<byte> header = bytes.Span;
        if (header.Length < Ipv6Header || header[0] >> 4 != 6)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        if (Ipv6Header + length > bytes.Length)
        {
            return false;
        }

        packet = new(new IPAddress(header.Slice(8, 16)), new IPAddress(header.Slice(24, 16)), header[6], bytes.Slice(Ipv6Header, length == 0 ? bytes.Length - Ipv6Header : length));
        for (int i = 0; i < MostExtensions && packet.Protocol is 0 or 43 or FragmentHeader or 60; i++)
        {
            ReadOnlySpan<byte> extension = packet.Payload.Span;
            int extent = extension.Length < 8 ? int.MaxValue : packet.Protocol == FragmentHeader ? 8 : (extension[1] + 1) * 8;
            if (extent > extension.Length)
            {
                return false;
            }

            packet = packet.Protocol == FragmentHeader
                ? packet with
                {
                    Protocol = extension[0],
                    Payload = packet.Payload[extent..],
                    Identification = BinaryPrimitives.ReadUInt32BigEndian(extension[4..]),
                    Offset = BinaryPrimitives.ReadUInt16BigEndian(extension[2..]) & 0xfff8,
                    HasMore = (extension[3] & 1) != 0,
                }
                : packet with { Protocol = extension[0], Payload = packet.Payload[extent..] };
        }

        return true;
    }
}
