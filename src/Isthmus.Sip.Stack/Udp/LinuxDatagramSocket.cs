// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A UDP socket of Linux with a thread of its own that receives. It knows the address each datagram came to, sends from a chosen
/// address, and hears of ICMP errors although it is not connected.
/// </summary>
internal sealed unsafe class LinuxDatagramSocket : IDatagramSocket
{
    private const int LargestDatagram = 65536;
    private const int ControlSize = 256;
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly IDatagramReceiver _receiver;
    private readonly Func<IPAddress, IPAddress?> _localTowards;
    private readonly Thread _thread;
    private readonly EndPointCache _remotes = new();
    private IPAddress _lastLocal;
    private volatile bool _closed;

    /// <param name="socket">Bound already; owned from now on.</param>
    /// <param name="receiver">Hears the datagrams.</param>
    /// <param name="localTowards">The routing table, for datagrams that came to a group and so name no address of this host.</param>
    public LinuxDatagramSocket(Socket socket, IDatagramReceiver receiver, Func<IPAddress, IPAddress?> localTowards)
    {
        _socket = socket;
        _handle = socket.SafeHandle;
        _receiver = receiver;
        _localTowards = localTowards;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _lastLocal = LocalEndPoint.Address;
        _thread = new Thread(Receive) { IsBackground = true, Name = $"udp {LocalEndPoint}" };
        _thread.Start();
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What is to be set before binding, or the first datagrams come without it.</summary>
    public static void Prepare(Socket socket)
    {
        Span<byte> on = [1, 0, 0, 0];
        if (socket.AddressFamily == AddressFamily.InterNetwork)
        {
            socket.SetRawSocketOption(ProtocolIp, IpPacketInformation, on);
            socket.SetRawSocketOption(ProtocolIp, IpReceiveErrors, on);
        }
        else
        {
            socket.SetRawSocketOption(ProtocolIpv6, Ipv6ReceivePacketInformation, on);
            socket.SetRawSocketOption(ProtocolIpv6, Ipv6ReceiveErrors, on);
        }
    }

    public SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        if (_closed)
        {
            return SocketError.NotSocket;
        }
        if (remote.AddressFamily != LocalEndPoint.AddressFamily)
        {
            return SocketError.AddressFamilyNotSupported;
        }
        try
        {
            // An ICMP error that waits on the socket fails the next call, whomever it is for: fetch it and try again.
            var error = SendOnce(payload, remote, fromLocal);
            if (error is ConnectionRefused or HostUnreachable or NetworkUnreachable)
            {
                FetchErrors();
                error = SendOnce(payload, remote, fromLocal);
            }
            return error is 0 or TryAgain ? null : Translate(error);
        }
        catch (ObjectDisposedException)
        {
            return SocketError.NotSocket; // closed by another thread meanwhile
        }
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }
        _closed = true;
        // The thread sits in recvmsg; this wakes it although the call itself fails on an unconnected socket. It then frees the socket.
        try
        {
            _ = ShutDown(_handle, ShutDownBoth);
        }
        catch (ObjectDisposedException)
        {
            // It was between two datagrams, has seen the flag, and has freed the socket already.
        }
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(JoinTime);
        }
    }

    private int SendOnce(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        var control = stackalloc byte[64];
        fixed (byte* start = payload)
        {
            var buffer = new LinuxSocketCalls.Buffer { Start = start, Length = (nuint)payload.Length };
            var message = new MessageHeader
            {
                Name = name,
                NameLength = (uint)NativeEndPoint.Write(remote, new Span<byte>(name, NativeEndPoint.Size6)),
                Buffers = &buffer,
                BufferCount = 1,
            };
            if (fromLocal is not null)
            {
                new Span<byte>(control, 64).Clear();
                message.Control = control;
                message.ControlLength = WriteSource(fromLocal, control);
            }
            int error;
            do
            {
                error = LinuxSocketCalls.SendMessage(_handle, &message, DoNotWait | NoSignal) >= 0 ? 0 : Marshal.GetLastPInvokeError();
            }
            while (error == Interrupted);
            return error;
        }
    }

    private static nuint WriteSource(IPAddress source, byte* control)
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
            header->Length = (nuint)(sizeof(ControlHeader) + 20); // struct in6_pktinfo: the address, then the interface
            source.TryWriteBytes(new Span<byte>(data, 16), out _);
            *(uint*)(data + 16) = (uint)source.ScopeId;
        }
        return (header->Length + 7) & ~(nuint)7;
    }

    private void Receive()
    {
        var payload = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var name = stackalloc byte[NativeEndPoint.Size6];
        var control = stackalloc byte[ControlSize];
        fixed (byte* start = payload)
        {
            while (!_closed)
            {
                var buffer = new LinuxSocketCalls.Buffer { Start = start, Length = LargestDatagram };
                var message = new MessageHeader
                {
                    Name = name,
                    NameLength = NativeEndPoint.Size6,
                    Buffers = &buffer,
                    BufferCount = 1,
                    Control = control,
                    ControlLength = ControlSize,
                };
                var length = ReceiveMessage(_handle, &message, 0);
                if (_closed)
                {
                    break;
                }
                if (length >= 0)
                {
                    if (_remotes.Find(new ReadOnlySpan<byte>(name, (int)message.NameLength)) is { } remote)
                    {
                        _receiver.Received(payload.AsSpan(0, (int)length), remote, LocalOf(&message, remote));
                    }
                }
                else if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    FetchErrors();
                }
            }
        }
        _socket.Dispose();
    }

    private IPAddress LocalOf(MessageHeader* message, IPEndPoint remote)
    {
        for (nuint at = 0; at + (nuint)sizeof(ControlHeader) <= message->ControlLength;)
        {
            var header = (ControlHeader*)(message->Control + at);
            var data = (byte*)(header + 1);
            if (header->Level == ProtocolIp && header->Type == IpPacketInformation)
            {
                return Known(new ReadOnlySpan<byte>(&((PacketInformation4*)data)->Local, 4), 0);
            }
            if (header->Level == ProtocolIpv6 && header->Type == Ipv6PacketInformation)
            {
                var local = Known(new ReadOnlySpan<byte>(data, 16), *(uint*)(data + 16));
                return local.IsIPv6Multicast ? _localTowards(remote.Address) ?? LocalEndPoint.Address : local;
            }
            if (header->Length < (nuint)sizeof(ControlHeader))
            {
                break;
            }
            at += (header->Length + 7) & ~(nuint)7;
        }
        return LocalEndPoint.Address;
    }

    private IPAddress Known(ReadOnlySpan<byte> bytes, uint zone)
    {
        Span<byte> last = stackalloc byte[16];
        var same = _lastLocal.TryWriteBytes(last, out var length) && last[..length].SequenceEqual(bytes)
            && (length == 4 || _lastLocal.ScopeId == 0 || _lastLocal.ScopeId == zone);
        return same ? _lastLocal : _lastLocal = bytes.Length == 4 ? new IPAddress(bytes) : NativeEndPoint.Address6(bytes, zone);
    }

    /// <summary>Empties the socket's queue of ICMP errors; each carries the destination of the datagram that it is about.</summary>
    private void FetchErrors()
    {
        var name = stackalloc byte[NativeEndPoint.Size6];
        var control = stackalloc byte[ControlSize * 2];
        var quoted = stackalloc byte[64];
        // As many as a burst may leave; what is left over comes up with the next error.
        for (var count = 0; count < 256 && !_closed; count++)
        {
            var buffer = new LinuxSocketCalls.Buffer { Start = quoted, Length = 64 };
            var message = new MessageHeader
            {
                Name = name,
                NameLength = NativeEndPoint.Size6,
                Buffers = &buffer,
                BufferCount = 1,
                Control = control,
                ControlLength = ControlSize * 2,
            };
            if (ReceiveMessage(_handle, &message, ErrorQueue | DoNotWait) < 0)
            {
                return;
            }
            if (NativeEndPoint.Read(new ReadOnlySpan<byte>(name, (int)message.NameLength)) is { } remote && ErrorOf(&message) is { } error)
            {
                _receiver.Unreachable(remote, error);
            }
        }
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
