// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab;

/// <summary>Ethernet frames as the hosts of a plan send them.</summary>
internal sealed class Frames(NetworkPlan plan)
{
    private const int Milliseconds = 1_000_000;

    public static NetworkPlan Figure3 => NetworkPlan.Of(FigureTable.Find("3")!, LabNetwork.Figure1);

    public CapturedPacket Udp(int at, string from, string to, IpVersion version, ReadOnlySpan<byte> payload, int port = 5060) =>
        Packet(at, plan.Host(from).Mac, from, to, version, IpPacket.Udp, UdpPayload(payload, port));

    /// <summary>The datagram as it is seen after the router: its sender's IP address, the router's Ethernet address.</summary>
    public CapturedPacket Forwarded(int at, string from, string to, IpVersion version, ReadOnlySpan<byte> payload) =>
        Packet(at, NetworkPlan.RouterMac(plan.Host(to).Segment), from, to, version, IpPacket.Udp, UdpPayload(payload, 5060));

    public CapturedPacket Tcp(int at, string from, string to, IpVersion version, uint sequence, ReadOnlySpan<byte> payload, bool opens = false)
    {
        byte[] segment = new byte[20 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), 5060);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        segment[12] = 5 << 4;
        segment[13] = opens ? (byte)2 : (byte)0x18;
        payload.CopyTo(segment.AsSpan(20));
        return Packet(at, plan.Host(from).Mac, from, to, version, IpPacket.Tcp, segment);
    }

    /// <summary>A datagram in IP fragments of that many octets.</summary>
    public IEnumerable<CapturedPacket> Fragmented(int at, string from, string to, IpVersion version, byte[] payload, int size)
    {
        byte[] whole = UdpPayload(payload, 5060);
        for (int offset = 0; offset < whole.Length; offset += size)
        {
            byte[] part = whole[offset..Math.Min(whole.Length, offset + size)];
            bool more = offset + size < whole.Length;
            yield return version == IpVersion.V4
                ? Packet(at, plan.Host(from).Mac, from, to, version, IpPacket.Udp, part, (ushort)((offset / 8) | (more ? 0x2000 : 0)))
                : Packet(at, plan.Host(from).Mac, from, to, version, 44, [IpPacket.Udp, 0, (byte)(offset >> 8), (byte)((offset & 0xf8) | (more ? 1 : 0)), 0, 0, 0, 7, .. part]);
        }
    }

    /// <summary>20 ms of a tone as RTP with PCMU.</summary>
    public CapturedPacket Rtp(int at, string from, string to, IpVersion version, ToneSource tone)
    {
        Span<short> samples = stackalloc short[160];
        tone.Read(samples);
        byte[] packet = new byte[12 + samples.Length];
        packet[0] = 0x80;
        G711.Encode(AudioCodec.Pcmu, samples, packet.AsSpan(12));
        return Udp(at, from, to, version, packet, 10_000);
    }

    public static byte[] Message(string startLine, string cseq, string branch = "z9hG4bK1", string body = "") => Encoding.UTF8.GetBytes(
        $"{startLine}\r\nVia: SIP/2.0/UDP 192.0.2.5;branch={branch}\r\nMax-Forwards: 70\r\nFrom: <sip:t5@isthmus.example>;tag=a\r\nTo: <sip:t6@isthmus.example>\r\n"
        + $"Call-ID: call\r\nCSeq: {cseq}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static byte[] UdpPayload(ReadOnlySpan<byte> payload, int port)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        return datagram;
    }

    private CapturedPacket Packet(int at, HardwareAddress sender, string from, string to, IpVersion version, byte protocol, byte[] payload, ushort fragment = 0)
    {
        byte[] ip = version == IpVersion.V4 ? Ipv4(plan.Host(from).V4!, plan.Host(to).V4!, protocol, payload, fragment) : Ipv6(plan.Host(from).V6!, plan.Host(to).V6!, protocol, payload);
        byte[] type = version == IpVersion.V4 ? [8, 0] : [0x86, 0xdd];
        return new((long)at * Milliseconds, (byte[])[2, 0, 0, 0, 0, 99, 2, 0, 0, 0, (byte)sender.Segment, (byte)sender.Number, .. type, .. ip]);
    }

    private static byte[] Ipv4(IPAddress from, IPAddress to, byte protocol, byte[] payload, ushort fragment)
    {
        byte[] header = new byte[20];
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(20 + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), 7);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), fragment);
        header[8] = 64;
        header[9] = protocol;
        from.GetAddressBytes().CopyTo(header, 12);
        to.GetAddressBytes().CopyTo(header, 16);
        return [.. header, .. payload];
    }

    private static byte[] Ipv6(IPAddress from, IPAddress to, byte protocol, byte[] payload)
    {
        byte[] header = new byte[40];
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)payload.Length);
        header[6] = protocol;
        header[7] = 64;
        from.GetAddressBytes().CopyTo(header, 8);
        to.GetAddressBytes().CopyTo(header, 24);
        return [.. header, .. payload];
    }
}
