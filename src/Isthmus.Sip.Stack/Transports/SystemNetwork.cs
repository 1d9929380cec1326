// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The operating system's network. Every socket serves one IP version; none is dual-mode.</summary>
public sealed class SystemNetwork : INetwork
{
    private const int MaxThreads = 64;
    private const int AnyPort = 9; // where no datagram is ever sent to

    private readonly SystemNetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly Gatherings _gatherings = new();
    private readonly SocketLoops _loops;

    /// <summary>The network of this host.</summary>
    /// <param name="options">Sizes and times; the defaults when null.</param>
    /// <param name="time">The clock for closing connections; the system's when null.</param>
    public SystemNetwork(SystemNetworkOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new SystemNetworkOptions();
        _time = time ?? TimeProvider.System;
        _loops = new SocketLoops(Math.Clamp(_options.Threads, 1, MaxThreads), _gatherings);
    }

    /// <summary>Does without what only Linux has, even there.</summary>
    internal bool IsPortable { get; init; } = !LinuxSocketCalls.Available;

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
    public SendBatch Gather() => _gatherings.Begin();

    /// <inheritdoc/>
    public IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver, int shards = 1)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, MaxThreads);
        var sockets = new List<Socket>();
        try
        {
            if (IsPortable)
            {
                var socket = NewDatagramSocket(local.Address, sockets);
                PortableDatagramSocket.Prepare(socket);
                socket.Bind(local);
                return new PortableDatagramSocket(socket, receiver);
            }
            var isWildcard = local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any);
            for (var i = 0; i < shards; i++)
            {
                var socket = NewDatagramSocket(local.Address, sockets);
                LinuxDatagramSocket.Prepare(socket, isWildcard);
                if (i == 0)
                {
                    // Alone at first: a port that another program has, or a second server of this program, is an error even if it would be shared.
                    socket.Bind(local);
                    local = (IPEndPoint)socket.LocalEndPoint!;
                }
                if (shards > 1)
                {
                    LinuxDatagramSocket.SharePort(socket);
                }
                if (i > 0)
                {
                    socket.Bind(local);
                }
            }
            return new LinuxDatagramSocket(sockets, receiver, _loops, LocalAddressTowards);
        }
        catch (SocketException)
        {
            sockets.ForEach(socket => socket.Dispose());
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
                socket.SetRawSocketOption(LinuxSocketCalls.SocketLevel, LinuxSocketCalls.ReuseAddress, [1, 0, 0, 0]);
            }
            socket.Bind(local);
            socket.Listen(_options.ListenBacklog);
            return IsPortable
                ? new SystemStreamListener(socket, acceptor, _options, _time)
                : new LinuxStreamListener(socket, acceptor, _loops, _options, _time);
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
        try
        {
            return IsPortable ? ConnectElsewhere(localAddress, local, remote, receiver) : ConnectOnLinux(localAddress, local, remote, receiver);
        }
        catch (SocketException error)
        {
            _ = Task.Run(() => receiver.Closed(error.SocketErrorCode));
            return new ClosedStreamConnection(local, remote);
        }
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

    private LinuxStreamConnection ConnectOnLinux(IPAddress? localAddress, IPEndPoint local, IPEndPoint remote, IStreamReceiver receiver)
    {
        var socket = LinuxStreamCalls.NewSocket(remote.AddressFamily);
        if (localAddress is not null && LinuxStreamCalls.Bind(socket, local) is { } error)
        {
            socket.Dispose();
            throw new SocketException((int)error);
        }
        return LinuxStreamConnection.Outgoing(socket, local, remote, receiver, _loops, _options, _time);
    }

    private SystemStreamConnection ConnectElsewhere(IPAddress? localAddress, IPEndPoint local, IPEndPoint remote, IStreamReceiver receiver)
    {
        var socket = NewSocket(remote.Address, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (localAddress is not null)
            {
                socket.Bind(local);
            }
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        var connection = SystemStreamConnection.Outgoing(socket, local, remote, _options, _time);
        connection.Start(receiver);
        return connection;
    }

    private Socket NewDatagramSocket(IPAddress address, List<Socket> sockets)
    {
        var socket = NewSocket(address, SocketType.Dgram, ProtocolType.Udp);
        sockets.Add(socket);
        socket.ReceiveBufferSize = _options.DatagramReceiveBufferBytes;
        if (OperatingSystem.IsLinux())
        {
            LinuxDatagramSocket.TryForceReceiveBuffer(socket, _options.DatagramReceiveBufferBytes);
        }
        socket.SendBufferSize = _options.DatagramSendBufferBytes;
        return socket;
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
