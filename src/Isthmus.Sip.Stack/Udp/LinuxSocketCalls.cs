// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The socket calls of Linux that <see cref="Socket"/> does not offer: many datagrams in one call, sending from a chosen source address
/// (IP_PKTINFO) and the queue of ICMP errors of an unconnected socket (IP_RECVERR). The layouts are those of 64-bit Linux.
/// </summary>
internal static unsafe partial class LinuxSocketCalls
{
    public const int ProtocolIp = 0;
    public const int ProtocolIpv6 = 41;
    public const int IpPacketInformation = 8;
    public const int IpPathDiscovery = 10;
    public const int IpReceiveErrors = 11;
    public const int Ipv6ReceivePacketInformation = 49;
    public const int Ipv6PacketInformation = 50;
    public const int Ipv6ReceiveErrors = 25;
    public const int DoNotWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int ErrorQueue = 0x2000;
    public const int SocketLevel = 1;
    public const int ReuseAddress = 2;
    public const int ReusePort = 15;
    public const int ForceReceiveBuffer = 33;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int BadDescriptor = 9;
    public const int MessageTooLong = 90;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;
    public const int NetworkUnreachable = 101;

    /// <summary>Whether the layouts below are this system's.</summary>
    public static bool Available => OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(SafeSocketHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(SafeSocketHandle socket, MessageHeader* message, int flags);

    /// <summary>Receives up to <paramref name="count"/> datagrams; answers how many, or -1 when the first one failed.</summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(SafeSocketHandle socket, CountedMessage* messages, uint count, int flags, void* timeout);

    /// <summary>Sends up to <paramref name="count"/> datagrams; answers how many left, or -1 when the first one could not.</summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(SafeSocketHandle socket, CountedMessage* messages, uint count, int flags);

    /// <summary>The socket error for an error number of the kernel.</summary>
    public static SocketError Translate(int errorNumber) => errorNumber switch
    {
        ConnectionRefused => SocketError.ConnectionRefused,
        HostUnreachable => SocketError.HostUnreachable,
        NetworkUnreachable => SocketError.NetworkUnreachable,
        MessageTooLong => SocketError.MessageSize,
        1 or 13 => SocketError.AccessDenied, // EPERM (a packet filter), EACCES (a broadcast address, or prohibited on the way)
        22 => SocketError.InvalidArgument,
        97 => SocketError.AddressFamilyNotSupported,
        99 => SocketError.AddressNotAvailable,
        _ => SocketError.SocketError,
    };

    /// <summary>struct iovec</summary>
    public struct Buffer
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr</summary>
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nuint BufferCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr</summary>
    public struct CountedMessage
    {
        public MessageHeader Header;
        public uint Length;
    }

    /// <summary>struct cmsghdr; its data follow it, the next one begins at a multiple of 8.</summary>
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>struct in_pktinfo</summary>
    public struct PacketInformation4
    {
        public int Interface;
        public uint Local;
        public uint Destination;
    }

    /// <summary>The beginning of struct sock_extended_err.</summary>
    public struct ExtendedError
    {
        public uint ErrorNumber;
        public byte Origin;

        /// <summary>The error was raised by this host while sending; the sending call has returned it already.</summary>
        public const byte OriginLocal = 1;
    }
}
