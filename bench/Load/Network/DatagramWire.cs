// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Isthmus.Load.LinuxCalls;

namespace Isthmus.Load;

/// <summary>Phones behind one UDP socket, each with its own IPv4 address; batches of 64 in both directions.</summary>
internal sealed unsafe class DatagramWire : IWire
{
    private const int Batch = 64;
    private const int Room = 4096;
    private const int SocketBuffer = 16 << 20;
    private const int LargestName = 28;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly PhoneAddresses _addresses;
    private readonly byte* _memory;
    private readonly MessageSlot* _outgoing;
    private readonly MessageSlot* _incoming;
    private int _queued;

    /// <param name="addresses">Of the phones.</param>
    /// <param name="server">Where all messages go.</param>
    public DatagramWire(PhoneAddresses addresses, IPEndPoint server)
    {
        _addresses = addresses;
        _socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = SocketBuffer, ReceiveBufferSize = SocketBuffer };
        _descriptor = (int)_socket.Handle;
        TryForceReceiveBuffer();
        if (addresses.IsIPv4)
        {
            _socket.SetRawSocketOption(LevelIp, PacketInformation, BitConverter.GetBytes(1));
        }

        _socket.Bind(new IPEndPoint(addresses.Bound, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;

        _memory = (byte*)NativeMemory.AllocZeroed(2 * Batch * (nuint)(Room + sizeof(MessageSlot) + sizeof(LinuxCalls.Buffer) + LargestName + 4 + sizeof(PacketSource)));
        byte* free = _memory;
        _outgoing = Lay(ref free);
        _incoming = Lay(ref free);
        for (int i = 0; i < Batch; i++)
        {
            SocketAddress name = server.Serialize();
            name.Buffer.Span[..name.Size].CopyTo(new Span<byte>(_outgoing[i].Name, LargestName));
            _outgoing[i].NameLength = (uint)name.Size;
            if (!addresses.IsIPv4)
            {
                _outgoing[i].Control = null;
                _outgoing[i].ControlLength = 0;
            }
        }
    }

    /// <summary>The port of all phones.</summary>
    public int Port { get; }

    public int Phones => _addresses.Phones;

    /// <summary>Datagrams that the kernel did not take.</summary>
    public long Refused { get; private set; }

    public Span<byte> Reserve(int channel)
    {
        if (_queued == Batch)
        {
            Flush();
        }

        ref MessageSlot slot = ref _outgoing[_queued];
        if (_addresses.IsIPv4)
        {
            var source = (PacketSource*)slot.Control;
            *source = new PacketSource { Length = PacketSource.FilledLength, Level = LevelIp, Type = PacketInformation, Local = _addresses.AddressOf(channel) };
        }

        return new Span<byte>(slot.Buffers->Start, Room);
    }

    public void Commit(int length) => _outgoing[_queued++].Buffers->Length = (nuint)length;

    public void Flush()
    {
        for (int sent = 0; sent < _queued;)
        {
            int moved = SendMessages(_descriptor, _outgoing + sent, (uint)(_queued - sent), DoNotWait | NoSignal);
            if (moved > 0)
            {
                sent += moved;
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                sent++;
                Refused++;
            }
        }

        _queued = 0;
    }

    public int Receive(IWireReceiver receiver)
    {
        for (int i = 0; i < Batch; i++)
        {
            _incoming[i].Buffers->Length = Room;
            _incoming[i].NameLength = LargestName;
            _incoming[i].ControlLength = (nuint)sizeof(PacketSource);
        }

        int received = ReceiveMessages(_descriptor, _incoming, Batch, DoNotWait, null);
        for (int i = 0; i < received; i++)
        {
            ref MessageSlot slot = ref _incoming[i];
            int channel = _addresses.IsIPv4 && slot.ControlLength > 0 ? PhoneAddresses.PhoneAt(((PacketSource*)slot.Control)->Destination) : 0;
            receiver.OnMessage(this, new ReadOnlySpan<byte>(slot.Buffers->Start, (int)slot.Moved), channel);
        }

        return Math.Max(received, 0);
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_memory);
    }

    // One piece of memory: the headers, then what they point to.
    private static MessageSlot* Lay(ref byte* free)
    {
        var slots = (MessageSlot*)free;
        free += Batch * sizeof(MessageSlot);
        for (int i = 0; i < Batch; i++)
        {
            slots[i].Buffers = (LinuxCalls.Buffer*)free;
            free += sizeof(LinuxCalls.Buffer);
            slots[i].BufferCount = 1;
            slots[i].Control = free;
            slots[i].ControlLength = (nuint)sizeof(PacketSource);
            free += sizeof(PacketSource);
            slots[i].Name = free;
            free += LargestName + 4; // keeps the next one aligned
        }

        for (int i = 0; i < Batch; i++)
        {
            slots[i].Buffers->Start = free;
            free += Room;
        }

        return slots;
    }

    // What arrives in a burst waits here instead of getting lost: an error of the generator would look like one of the server.
    private void TryForceReceiveBuffer()
    {
        try
        {
            _socket.SetRawSocketOption(LevelSocket, ReceiveBufferForced, BitConverter.GetBytes(SocketBuffer));
        }
        catch (SocketException)
        {
            // Only root may; the limit of the system stays.
        }
    }
}
