// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>Datagrams that wait for the end of a batch, copied, in the form that sendmmsg takes. Used by one thread at a time.</summary>
internal sealed unsafe class SendQueue
{
    private const int Size = 64;
    private const int PayloadBytes = 128 << 10; // room for 64 of twice the usual length, and for one of the greatest
    private const int NameSize = 32;
    private const int ControlSize = 64;

    // One pinned array: it lives as long as this object does, and the kernel reads it in calls of this object only.
    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(
        (Size * (sizeof(CountedMessage) + sizeof(LinuxSocketCalls.Buffer) + NameSize + ControlSize)) + PayloadBytes + 8, pinned: true);

    private readonly CountedMessage* _messages;
    private readonly byte* _payload;
    private int _count;
    private int _length;

    public SendQueue()
    {
        var start = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _messages = (CountedMessage*)((start + 7) & ~7);
        var buffers = (LinuxSocketCalls.Buffer*)(_messages + Size);
        var names = (byte*)(buffers + Size);
        var controls = names + (Size * NameSize);
        _payload = controls + (Size * ControlSize);
        for (var i = 0; i < Size; i++)
        {
            _messages[i] = new CountedMessage
            {
                Header = new MessageHeader { Name = names + (i * NameSize), Buffers = buffers + i, BufferCount = 1, Control = controls + (i * ControlSize) },
            };
        }
    }

    /// <summary>By which socket they go; null when nobody uses the queue.</summary>
    public DatagramShard? Socket { get; set; }

    /// <summary>Whether its datagrams are leaving just now.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Takes a datagram. False: send it at once, for it answers a failure among those that are leaving just now.</summary>
    /// <param name="payload">At most 65,535 bytes.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="fromLocal">The source; null for the socket's own.</param>
    public bool Add(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal)
    {
        if (IsFlushing)
        {
            return false;
        }
        if (_count == Size || _length + payload.Length > PayloadBytes)
        {
            Flush();
        }
        ref var header = ref _messages[_count++].Header;
        header.NameLength = (uint)NativeEndPoint.Write(remote, new Span<byte>(header.Name, NameSize));
        header.ControlLength = fromLocal is null ? 0 : SourceControl.Write(fromLocal, new Span<byte>(header.Control, ControlSize));
        header.Buffers->Start = _payload + _length;
        header.Buffers->Length = (nuint)payload.Length;
        payload.CopyTo(new Span<byte>(_payload + _length, payload.Length));
        _length += payload.Length;
        return true;
    }

    /// <summary>Sends all, in order. What the kernel refuses is told to the socket's receiver, one by one.</summary>
    public void Flush()
    {
        if (_count == 0 || Socket is not { } socket)
        {
            return;
        }
        IsFlushing = true;
        for (var next = 0; next < _count;)
        {
            var (sent, error) = socket.SendMany(_messages + next, _count - next);
            next += sent;
            if (error != 0)
            {
                ref var header = ref _messages[next++].Header; // the one that failed
                socket.Refuse(new ReadOnlySpan<byte>(header.Name, (int)header.NameLength), error);
            }
        }
        _count = 0;
        _length = 0;
        IsFlushing = false;
    }
}
