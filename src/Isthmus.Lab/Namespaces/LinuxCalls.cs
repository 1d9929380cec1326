// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Lab;

/// <summary>What .NET does not offer of Linux: entering a network namespace, packet sockets, and signals. Layouts are those of 64-bit Linux.</summary>
internal static partial class LinuxCalls
{
    public const int CloneNewNet = 0x4000_0000;
    public const int ReadOnlyCloseOnExec = 0x80000;
    public const int PacketFamily = 17;
    public const int RawCloseOnExec = 3 | 0x80000;
    public const int AllProtocols = 0x0300; // ETH_P_ALL in network order
    public const int SocketLevel = 1;
    public const int ReceiveBufferForce = 33;
    public const int ReceiveTimeout = 20;
    public const int PacketLevel = 263;
    public const int PacketStatistics = 6;
    public const int Terminate = 15;
    public const int Ipv4Family = 2;
    public const int DatagramCloseOnExec = 2 | 0x80000;
    public const nuint EthernetTool = 0x8946; // SIOCETHTOOL
    public const uint SetSendChecksums = 0x17; // ETHTOOL_STXCSUM
    public const nuint TimeOfLastPacket = 0x8907; // SIOCGSTAMPNS

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Socket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Bind(int descriptor, in LinkAddress address, int length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Receive(int descriptor, Span<byte> buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetTime(int descriptor, nuint request, out Timespec time);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetInterface(int descriptor, nuint request, in InterfaceRequest interfaceRequest);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetOption(int descriptor, int level, int name, in int value, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetOption(int descriptor, int level, int name, in Timespec value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetOption(int descriptor, int level, int name, out CaptureStatistics value, ref int length);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint InterfaceIndex(string name);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Signal(int process, int signal);

    /// <summary><c>struct sockaddr_ll</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LinkAddress
    {
        public ushort Family;
        public ushort Protocol;
        public int Interface;
        public ushort Hardware;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }

    /// <summary><c>struct timespec</c>; as a receive timeout the second field is microseconds (<c>struct timeval</c>).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public nint Seconds;
        public nint Fraction;
    }

    /// <summary><c>struct ifreq</c> with a pointer for its data.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    public struct InterfaceRequest
    {
        public InterfaceName Name;
        public nint Data;
    }

    /// <summary>The name of an interface, ended by a zero.</summary>
    [InlineArray(16)]
    public struct InterfaceName
    {
        private byte _first;
    }

    /// <summary><c>struct ethtool_value</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct EthernetSetting
    {
        public uint Command;
        public uint Value;
    }

    /// <summary><c>struct tpacket_stats</c>: since it was last asked for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct CaptureStatistics
    {
        public uint Packets;
        public uint Dropped;
    }
}
