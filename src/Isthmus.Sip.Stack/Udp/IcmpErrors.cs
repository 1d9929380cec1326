// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>A socket's queue of ICMP errors (IP_RECVERR); each carries the destination of the datagram that it is about.</summary>
internal static unsafe class IcmpErrors
{
    private const int ControlSize = 512;
    private const int QuotedSize = 64;

    /// <summary>Takes one error off the queue. False: there is none. Without an endpoint or an error it is nothing to tell.</summary>
    public static bool TryFetch(SafeSocketHandle socket, out IPEndPoint? remote, out SocketError? error)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        var control = stackalloc byte[ControlSize];
        var quoted = stackalloc byte[QuotedSize];
        var buffer = new LinuxSocketCalls.Buffer { Start = quoted, Length = QuotedSize };
        var message = new MessageHeader
        {
            Name = name,
            NameLength = NativeEndPoint.Size6,
            Buffers = &buffer,
            BufferCount = 1,
            Control = control,
            ControlLength = ControlSize,
        };
        if (ReceiveMessage(socket, &message, ErrorQueue | DoNotWait) < 0)
        {
            (remote, error) = (null, null);
            return false;
        }
        remote = NativeEndPoint.Read(new ReadOnlySpan<byte>(name, (int)message.NameLength));
        error = ErrorOf(&message);
        return true;
    }

    private static SocketError? ErrorOf(MessageHeader* message)
    {
        for (nuint at = 0; at + (nuint)sizeof(ControlHeader) <= message->ControlLength;)
        {
            var header = (ControlHeader*)(message->Control + at);
            if ((header->Level == ProtocolIp && header->Type == IpReceiveErrors) || (header->Level == ProtocolIpv6 && header->Type == Ipv6ReceiveErrors))
            {
                var error = (ExtendedError*)(header + 1);
                // "Packet too big" is no failure: the kernel has learned the path's MTU, and the next attempt goes in fragments.
                return error->Origin == ExtendedError.OriginLocal || error->ErrorNumber is MessageTooLong or 0 ? null : Translate((int)error->ErrorNumber);
            }
            if (header->Length < (nuint)sizeof(ControlHeader))
            {
                break;
            }
            at += (header->Length + 7) & ~(nuint)7;
        }
        return null;
    }
}
