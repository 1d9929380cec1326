// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Load;

/// <summary>Phones with TCP connections: callers that have connected to the server, or called ones that the server connects to.</summary>
internal sealed unsafe class StreamWire : IWire
{
    private const int MostAccepted = 1024;
    private const int Backlog = 1024;

    private readonly PhoneAddresses _addresses;
    private readonly Socket? _listener;
    private readonly List<StreamConnection> _connections = [];
    private readonly LinuxCalls.PolledSocket* _polled;
    private readonly byte[] _unsent = new byte[StreamConnection.Room];
    private StreamConnection? _reserved;

    private StreamWire(PhoneAddresses addresses, Socket? listener)
    {
        _addresses = addresses;
        _listener = listener;
        _polled = (LinuxCalls.PolledSocket*)NativeMemory.AllocZeroed((nuint)((MostAccepted + 1) * sizeof(LinuxCalls.PolledSocket)));
    }

    /// <summary>The port that messages name: of all phones on IPv4, of the first on IPv6.</summary>
    public int Port { get; private set; }

    public int Phones => _addresses.Phones;

    /// <summary>Messages that a connection did not take.</summary>
    public long Refused { get; private set; }

    /// <summary>Callers: a connection for each phone.</summary>
    /// <exception cref="LoadException">The server does not take one.</exception>
    public static StreamWire Connect(PhoneAddresses addresses, IPEndPoint server)
    {
        var wire = new StreamWire(addresses, null);
        try
        {
            for (int phone = 0; phone < addresses.Phones; phone++)
            {
                var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (addresses.IsIPv4)
                {
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                    socket.Bind(new IPEndPoint(addresses.AddressOf(phone), wire.Port));
                }

                socket.Connect(server);
                wire.Port = wire.Port != 0 ? wire.Port : ((IPEndPoint)socket.LocalEndPoint!).Port;
                wire._connections.Add(new StreamConnection(socket));
            }

            return wire;
        }
        catch (SocketException fault)
        {
            wire.Dispose();
            throw new LoadException($"The server takes no TCP connection on {server}: {fault.Message}");
        }
    }

    /// <summary>Called phones: the server connects.</summary>
    public static StreamWire Listen(PhoneAddresses addresses)
    {
        var listener = new Socket(addresses.Bound.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listener.Bind(new IPEndPoint(addresses.Bound, 0));
        listener.Listen(Backlog);
        return new StreamWire(addresses, listener) { Port = ((IPEndPoint)listener.LocalEndPoint!).Port };
    }

    public Span<byte> Reserve(int channel)
    {
        int index = channel % (_listener is null ? Phones : int.MaxValue);
        _reserved = index < _connections.Count ? _connections[index] : null;
        Span<byte> place = _reserved is { IsClosed: false } connection ? connection.Reserve() : default;
        if (!place.IsEmpty)
        {
            return place;
        }

        _reserved = null;
        return _unsent;
    }

    public void Commit(int length)
    {
        if (_reserved is { } connection)
        {
            connection.Commit(length);
        }
        else
        {
            Refused++;
        }
    }

    public void Flush()
    {
        foreach (StreamConnection connection in _connections)
        {
            if (connection.HasQueued)
            {
                connection.Flush();
            }
        }
    }

    public int Receive(IWireReceiver receiver)
    {
        int count = _connections.Count;
        for (int i = 0; i < count; i++)
        {
            _polled[i] = new LinuxCalls.PolledSocket { Socket = _connections[i].IsClosed ? -1 : _connections[i].Descriptor, Wanted = LinuxCalls.Readable };
        }

        _polled[count] = new LinuxCalls.PolledSocket { Socket = _listener is null ? -1 : (int)_listener.Handle, Wanted = LinuxCalls.Readable };
        if (LinuxCalls.Poll(_polled, (nuint)count + 1, 0) <= 0)
        {
            return 0;
        }

        int messages = 0;
        for (int i = 0; i < count; i++)
        {
            if (_polled[i].Ready != 0)
            {
                messages += _connections[i].Receive(this, receiver, i);
            }
        }

        if (_polled[count].Ready != 0 && _connections.Count < MostAccepted)
        {
            _connections.Add(new StreamConnection(_listener!.Accept()));
        }

        return messages;
    }

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _listener?.Dispose();
        NativeMemory.Free(_polled);
    }
}
