// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Load;

/// <summary>The calls of Linux that .NET has no name for.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int DoNotWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int Interrupted = 4;
    public const int TryAgain = 11;

    public const int LevelIp = 0;
    public const int PacketInformation = 8;
    public const int LevelSocket = 1;
    public const int ReceiveBufferForced = 33;

    public const short Readable = 1;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, MessageSlot* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, MessageSlot* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PolledSocket* sockets, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int who, int niceness);

    [LibraryImport("libc", EntryPoint = "getsid", SetLastError = true)]
    public static partial int SessionOf(int process);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int process, int signal);

    /// <summary>struct iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: a msghdr and how many bytes were moved.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageSlot
    {
        public byte* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nuint BufferCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        private int _padding;
        public uint Moved;
    }

    /// <summary>A cmsghdr with struct in_pktinfo, padded as the kernel wants it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketSource
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Interface;
        public uint Local;
        public uint Destination;
        private uint _padding;

        public static readonly nuint FilledLength = (nuint)(sizeof(PacketSource) - sizeof(uint));
    }

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PolledSocket
    {
        public int Socket;
        public short Wanted;
        public short Ready;
    }
}
