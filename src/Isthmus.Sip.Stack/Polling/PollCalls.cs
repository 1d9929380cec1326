// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>The calls of Linux for waiting on many sockets. The layouts are those of 64-bit Linux.</summary>
internal static unsafe partial class PollCalls
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const int Add = 1;
    public const int Delete = 2;
    public const int Modify = 3;

    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>A set of sockets to wait on.</summary>
    public static DescriptorHandle NewPoll() => Made(NewPoll(CloseOnExec));

    /// <summary>A descriptor that another thread makes readable.</summary>
    public static DescriptorHandle NewEvent() => Made(NewEvent(0, NonBlocking | CloseOnExec));

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int CloseDescriptor(int descriptor);

    /// <summary>Adds, changes or deletes what is waited for.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int ControlPoll(DescriptorHandle poll, int operation, SafeHandle socket, byte* pollEvent);

    /// <summary>Waits for events; answers how many, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int WaitPoll(DescriptorHandle poll, byte* events, int count, int milliseconds);

    /// <summary>Waits for a few descriptors; answers how many have something, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Wait(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(DescriptorHandle descriptor, byte* into, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(DescriptorHandle descriptor, byte* from, nuint length);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int NewPoll(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int NewEvent(uint count, int flags);

    private static DescriptorHandle Made(int descriptor) =>
        descriptor >= 0 ? new DescriptorHandle(descriptor) : throw new SocketException((int)LinuxStreamCalls.Translate(Marshal.GetLastPInvokeError()));

    /// <summary>struct pollfd; its bits are those of epoll.</summary>
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    /// <summary>struct epoll_event: 12 bytes without a gap on x86-64, 16 with one elsewhere.</summary>
    public static class PollEvent
    {
        private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

        public static int Size => IsPacked ? 12 : 16;

        public static void Write(byte* into, uint events, ulong token)
        {
            *(uint*)into = events;
            *(ulong*)(into + Size - sizeof(ulong)) = token;
        }

        public static (uint Events, ulong Token) Read(byte* from) => (*(uint*)from, *(ulong*)(from + Size - sizeof(ulong)));
    }
}
