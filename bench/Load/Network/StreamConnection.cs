// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Load;

/// <summary>One TCP connection that never blocks: messages are gathered and leave in one write.</summary>
internal sealed unsafe class StreamConnection : IDisposable
{
    /// <summary>Room for one message.</summary>
    public const int Room = 4096;

    private const int Buffered = 1 << 18;

    private readonly Socket _socket;
    private readonly byte[] _incoming = GC.AllocateUninitializedArray<byte>(Buffered, pinned: true);
    private readonly byte[] _outgoing = GC.AllocateUninitializedArray<byte>(Buffered, pinned: true);
    private int _received;
    private int _queued;

    /// <param name="socket">Connected; owned from now on.</param>
    public StreamConnection(Socket socket)
    {
        _socket = socket;
        socket.Blocking = false;
        socket.NoDelay = true;
        Descriptor = (int)socket.Handle;
    }

    public int Descriptor { get; }

    public bool IsClosed { get; private set; }

    public bool HasQueued => _queued > 0;

    /// <summary>Where the next message is to be written; empty when the server takes none at present.</summary>
    public Span<byte> Reserve()
    {
        if (Buffered - _queued < Room)
        {
            Flush();
        }

        return Buffered - _queued < Room ? default : _outgoing.AsSpan(_queued, Room);
    }

    public void Commit(int length) => _queued += length;

    /// <summary>Writes what is gathered; the rest, if the server is slow, the next time.</summary>
    public void Flush()
    {
        if (_queued == 0 || IsClosed)
        {
            _queued = 0;
            return;
        }

        fixed (byte* start = _outgoing)
        {
            nint sent = LinuxCalls.Send(Descriptor, start, (nuint)_queued, LinuxCalls.DoNotWait | LinuxCalls.NoSignal);
            if (sent < 0)
            {
                IsClosed = Marshal.GetLastPInvokeError() is not (LinuxCalls.TryAgain or LinuxCalls.Interrupted);
                return;
            }

            _outgoing.AsSpan((int)sent, _queued - (int)sent).CopyTo(_outgoing);
            _queued -= (int)sent;
        }
    }

    /// <summary>Reads once, and hands on the messages that are whole.</summary>
    /// <returns>How many they were.</returns>
    public int Receive(IWire wire, IWireReceiver receiver, int channel)
    {
        fixed (byte* start = _incoming)
        {
            nint length = LinuxCalls.Receive(Descriptor, start + _received, (nuint)(Buffered - _received), LinuxCalls.DoNotWait);
            if (length <= 0)
            {
                IsClosed = length == 0 || Marshal.GetLastPInvokeError() is not (LinuxCalls.TryAgain or LinuxCalls.Interrupted);
                return 0;
            }

            _received += (int)length;
        }

        int messages = 0;
        int at = 0;
        while (true)
        {
            at += StreamFrame.PingsOf(_incoming.AsSpan(at, _received - at));
            int length = StreamFrame.LengthOf(_incoming.AsSpan(at, _received - at));
            if (length == 0)
            {
                break;
            }

            receiver.OnMessage(wire, _incoming.AsSpan(at, length), channel);
            at += length;
            messages++;
        }

        _incoming.AsSpan(at, _received - at).CopyTo(_incoming);
        _received -= at;
        IsClosed |= _received == Buffered; // no message is as long
        return messages;
    }

    public void Dispose() => _socket.Dispose();
}
