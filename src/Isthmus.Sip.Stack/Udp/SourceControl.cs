// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>The control messages of Linux that name the local address of a datagram (IP_PKTINFO, IPV6_PKTINFO).</summary>
internal static unsafe class SourceControl
{
    private const int PacketInformation6Size = 20; // struct in6_pktinfo: the address, then the interface

    /// <summary>Writes the control message for sending from an address; answers how many bytes it takes.</summary>
    public static nuint Write(IPAddress source, Span<byte> into)
    {
        into.Clear();
        fixed (byte* control = into)
        {
            var header = (ControlHeader*)control;
            var data = control + sizeof(ControlHeader);
            if (source.AddressFamily == AddressFamily.InterNetwork)
            {
                header->Level = ProtocolIp;
                header->Type = IpPacketInformation;
                header->Length = (nuint)(sizeof(ControlHeader) + sizeof(PacketInformation4));
                source.TryWriteBytes(new Span<byte>(&((PacketInformation4*)data)->Local, 4), out _);
            }
            else
            {
                header->Level = ProtocolIpv6;
                header->Type = Ipv6PacketInformation;
                header->Length = (nuint)(sizeof(ControlHeader) + PacketInformation6Size);
                source.TryWriteBytes(new Span<byte>(data, 16), out _);
                *(uint*)(data + 16) = (uint)source.ScopeId;
            }
            return (header->Length + 7) & ~(nuint)7;
        }
    }

    /// <summary>The bytes of the local address that a datagram came to, and its interface; empty when it is not said.</summary>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> control, out uint zone)
    {
        zone = 0;
        fixed (byte* start = control)
        {
            for (var at = 0; at + sizeof(ControlHeader) <= control.Length;)
            {
                var header = (ControlHeader*)(start + at);
                var data = at + sizeof(ControlHeader);
                if (header->Level == ProtocolIp && header->Type == IpPacketInformation)
                {
                    return control.Slice(data + sizeof(int), 4); // PacketInformation4.Local
                }
                if (header->Level == ProtocolIpv6 && header->Type == Ipv6PacketInformation)
                {
                    zone = *(uint*)(start + data + 16);
                    return control.Slice(data, 16);
                }
                if (header->Length < (nuint)sizeof(ControlHeader))
                {
                    break;
                }
                at += (int)((header->Length + 7) & ~(nuint)7);
            }
        }
        return [];
    }
}
