// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The operating system's network. Every socket serves one IP version; none is dual-mode.</summary>
/// <param name="options">Sizes and times; the defaults when null.</param>
/// <param name="time">The clock for closing connections; the system's when null.</param>
public sealed class SystemNetwork(SystemNetworkOptions? options = null, TimeProvider? time = null) : INetwork
{
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private const int AnyPort = 9; // where no datagram is ever sent to

    private readonly SystemNetworkOptions _options = options ?? new SystemNetworkOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    /// <remarks>A kernel that knows IPv6 and has it switched off still opens IPv6 sockets; what it has not is the loopback address.</remarks>
    public bool Supports(IpVersion version)
    {
        if (!(version == IpVersion.V4 ? Socket.OSSupportsIPv4 : Socket.OSSupportsIPv6))
        {
            return false;
        }
        IPAddress loopback = version == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        try
        {
            using var probe = NewSocket(loopback, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(loopback, 0));
            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is not (SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported);
        }
    }

    /// <inheritdoc/>
    public IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(receiver);
        var socket = NewSocket(local.Address, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = _options.DatagramReceiveBufferBytes;
            socket.SendBufferSize = _options.DatagramSendBufferBytes;
            if (LinuxSocketCalls.Available)
            {
                LinuxDatagramSocket.Prepare(socket);
                socket.Bind(local);
                return new LinuxDatagramSocket(socket, receiver, LocalAddressTowards);
            }
            PortableDatagramSocket.Prepare(socket);
            socket.Bind(local);
            return new PortableDatagramSocket(socket, receiver);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IStreamListener ListenStream(IPEndPoint local, IStreamAcceptor acceptor)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(acceptor);
        var socket = NewSocket(local.Address, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // A restart must not wait for the connections of the process before (TIME_WAIT). The framework's own option would share the port.
                socket.SetRawSocketOption(SocketLevel, ReuseAddress, [1, 0, 0, 0]);
            }
            socket.Bind(local);
            socket.Listen(_options.ListenBacklog);
            return new SystemStreamListener(socket, acceptor, _options, _time);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IStreamConnection ConnectStream(IPAddress? localAddress, IPEndPoint remote, IStreamReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(receiver);
        var local = new IPEndPoint(localAddress ?? (remote.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any), 0);
        Socket? socket = null;
        try
        {
            socket = NewSocket(remote.Address, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            if (localAddress is not null)
            {
                socket.Bind(local);
            }
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            _ = Task.Run(() => receiver.Closed(error.SocketErrorCode));
            return new ClosedStreamConnection(local, remote);
        }
        var connection = SystemStreamConnection.Outgoing(socket, local, remote, _options, _time);
        connection.Start(receiver);
        return connection;
    }

    /// <inheritdoc/>
    public IPAddress? LocalAddressTowards(IPAddress remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        try
        {
            // Connecting a UDP socket sends nothing; it only asks the routing table.
            using var probe = NewSocket(remote, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(new IPEndPoint(remote, AnyPort));
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket NewSocket(IPAddress address, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(address.AddressFamily, type, protocol);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false; // IPV6_V6ONLY: ::ffff:a.b.c.d never comes in
        }
        return socket;
    }
}
