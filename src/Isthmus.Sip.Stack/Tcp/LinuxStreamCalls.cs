// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Sip.Stack;

/// <summary>The calls of Linux for stream sockets. The layouts are those of 64-bit Linux.</summary>
internal static unsafe partial class LinuxStreamCalls
{
    public const int InProgress = 115;
    public const int TryAgain = 11;
    public const int Interrupted = 4;

    private const int StreamSocket = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int PendingError = 4;
    private const int Linger = 13;
    private const int ProtocolTcp = 6;
    private const int NoDelay = 1;
    private const int ProtocolIpv6 = 41;
    private const int Ipv6Only = 26;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int ShutSending = 1;
    private const int Family4 = 2;
    private const int Family6 = 10;

    /// <summary>A TCP socket of one version that never waits; the error as an exception.</summary>
    public static DescriptorHandle NewSocket(AddressFamily family)
    {
        var isV4 = family == AddressFamily.InterNetwork;
        var descriptor = NewSocket(isV4 ? Family4 : Family6, StreamSocket | NonBlocking | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new SocketException((int)LastError());
        }
        var handle = new DescriptorHandle(descriptor);
        var on = 1;
        _ = SetOption(handle, ProtocolTcp, NoDelay, &on, sizeof(int));
        if (!isV4)
        {
            _ = SetOption(handle, ProtocolIpv6, Ipv6Only, &on, sizeof(int)); // ::ffff:a.b.c.d is nobody
        }
        return handle;
    }

    /// <summary>Takes a connection that waits; null and the error number when there is none.</summary>
    public static DescriptorHandle? Accept(SafeHandle listener, out IPEndPoint? remote, out int error)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        uint length = NativeEndPoint.Size6;
        var descriptor = Accept(listener, name, &length, NonBlocking | CloseOnExec);
        (remote, error) = (null, descriptor < 0 ? Marshal.GetLastPInvokeError() : 0);
        if (descriptor < 0)
        {
            return null;
        }
        var handle = new DescriptorHandle(descriptor);
        var on = 1;
        _ = SetOption(handle, ProtocolTcp, NoDelay, &on, sizeof(int));
        remote = NativeEndPoint.Read(new ReadOnlySpan<byte>(name, (int)length));
        return handle;
    }

    public static SocketError? Bind(DescriptorHandle socket, IPEndPoint local)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        return Bind(socket, name, (uint)NativeEndPoint.Write(local, new Span<byte>(name, NativeEndPoint.Size6))) == 0 ? null : LastError();
    }

    /// <summary>Begins to connect. Null: under way, or there already.</summary>
    public static SocketError? Connect(DescriptorHandle socket, IPEndPoint remote)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        var result = Connect(socket, name, (uint)NativeEndPoint.Write(remote, new Span<byte>(name, NativeEndPoint.Size6)));
        return result == 0 || Marshal.GetLastPInvokeError() == InProgress ? null : LastError();
    }

    public static IPEndPoint? LocalEndPoint(DescriptorHandle socket)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        uint length = NativeEndPoint.Size6;
        return GetName(socket, name, &length) == 0 ? NativeEndPoint.Read(new ReadOnlySpan<byte>(name, (int)length)) : null;
    }

    /// <summary>The error that waits on the socket; null when there is none.</summary>
    public static SocketError? TakeError(DescriptorHandle socket)
    {
        int error = 0;
        uint length = sizeof(int);
        return GetOption(socket, SocketLevel, PendingError, &error, &length) != 0 ? LastError() : error == 0 ? null : Translate(error);
    }

    /// <summary>Receives what is there: the number of bytes, 0 at the end of the stream, -1 and the error number.</summary>
    public static int Receive(DescriptorHandle socket, Span<byte> into, out int error)
    {
        fixed (byte* start = into)
        {
            var length = (int)Receive(socket, start, (nuint)into.Length, DoNotWait);
            error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            return length;
        }
    }

    /// <summary>Sends what there is room for: the number of bytes, or -1 and the error number.</summary>
    public static int Send(DescriptorHandle socket, ReadOnlySpan<byte> bytes, out int error)
    {
        fixed (byte* start = bytes)
        {
            var length = (int)Send(socket, start, (nuint)bytes.Length, DoNotWait | NoSignal);
            error = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            return length;
        }
    }

    /// <summary>Says the end to the peer. False: it is gone.</summary>
    public static bool EndSending(DescriptorHandle socket) => ShutDown(socket, ShutSending) == 0;

    /// <summary>Closing will reset the connection instead of ending it.</summary>
    public static void ResetOnClose(DescriptorHandle socket)
    {
        var linger = stackalloc int[] { 1, 0 }; // struct linger: on, for 0 s
        _ = SetOption(socket, SocketLevel, Linger, linger, 2 * sizeof(int));
    }

    /// <summary>The socket error for an error number of the kernel.</summary>
    public static SocketError Translate(int errorNumber) => errorNumber switch
    {
        4 => SocketError.Interrupted,
        12 or 28 or 105 => SocketError.NoBufferSpaceAvailable,
        23 or 24 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown, // EPIPE
        98 => SocketError.AddressAlreadyInUse,
        100 => SocketError.NetworkDown,
        102 => SocketError.NetworkReset,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        112 => SocketError.HostDown,
        _ => LinuxSocketCalls.Translate(errorNumber),
    };

    private static SocketError LastError() => Translate(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NewSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(SafeHandle listener, byte* name, uint* nameLength, int flags);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(DescriptorHandle socket, byte* name, uint nameLength);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(DescriptorHandle socket, byte* name, uint nameLength);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetName(DescriptorHandle socket, byte* name, uint* nameLength);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(DescriptorHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(DescriptorHandle socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(DescriptorHandle socket, byte* into, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(DescriptorHandle socket, byte* from, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int ShutDown(DescriptorHandle socket, int how);
}
