// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Room for the datagrams of one recvmmsg. The beginnings lie close together, so that they stay in the processor's cache; what is longer
/// goes on in a place of its own, which costs no memory until it is used.
/// </summary>
/// <remarks>Used and disposed by one thread.</remarks>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    /// <summary>How many datagrams there is room for.</summary>
    public const int Size = 64;

    private const int Near = 2048 + 64; // not a power of two: the slots would share cache lines
    private const int Far = 65536;
    private const int NameSize = 32;
    private const int ControlSize = 128;

    private readonly CountedMessage* _messages;
    private readonly byte* _near;
    private readonly byte* _far;
    private int _used = Size;

    public ReceiveBatch()
    {
        _messages = (CountedMessage*)NativeMemory.AllocZeroed((nuint)(Size * (sizeof(CountedMessage) + (2 * sizeof(LinuxSocketCalls.Buffer)) + NameSize + ControlSize)));
        _near = (byte*)NativeMemory.Alloc(Size * Near);
        _far = (byte*)NativeMemory.Alloc((nuint)Size * (Near + Far));
        var buffers = (LinuxSocketCalls.Buffer*)(_messages + Size);
        var names = (byte*)(buffers + (2 * Size));
        var controls = names + (Size * NameSize);
        for (var i = 0; i < Size; i++)
        {
            buffers[2 * i] = new LinuxSocketCalls.Buffer { Start = _near + (i * Near), Length = Near };
            buffers[(2 * i) + 1] = new LinuxSocketCalls.Buffer { Start = _far + ((nint)i * (Near + Far)) + Near, Length = Far };
            _messages[i].Header = new MessageHeader
            {
                Name = names + (i * NameSize),
                Buffers = buffers + (2 * i),
                BufferCount = 2,
                Control = controls + (i * ControlSize),
            };
        }
    }

    /// <summary>Takes the datagrams that are there; answers how many, or -1 and the error of the call.</summary>
    public int Receive(SafeSocketHandle socket)
    {
        for (var i = 0; i < _used; i++)
        {
            ref var header = ref _messages[i].Header;
            header.NameLength = NativeEndPoint.Size6;
            header.ControlLength = ControlSize;
        }
        var count = ReceiveMessages(socket, _messages, Size, DoNotWait, null);
        _used = Math.Max(count, 1); // the failed one's header may be written to as well
        return count;
    }

    /// <summary>The whole datagram; until the next receive.</summary>
    public ReadOnlySpan<byte> Payload(int index)
    {
        var length = (int)_messages[index].Length;
        if (length <= Near)
        {
            return new ReadOnlySpan<byte>(_near + (index * Near), length);
        }
        var far = _far + ((nint)index * (Near + Far));
        new ReadOnlySpan<byte>(_near + (index * Near), Near).CopyTo(new Span<byte>(far, Near));
        return new ReadOnlySpan<byte>(far, length);
    }

    /// <summary>Where it came from, as the kernel writes it.</summary>
    public ReadOnlySpan<byte> Name(int index) => new(_messages[index].Header.Name, (int)_messages[index].Header.NameLength);

    /// <summary>What the kernel says about it.</summary>
    public ReadOnlySpan<byte> Control(int index) => new(_messages[index].Header.Control, (int)_messages[index].Header.ControlLength);

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_near);
        NativeMemory.Free(_far);
    }
}
