// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Testing;

/// <summary>One host of a <see cref="MemoryNetwork"/>: its own addresses and ports, and nothing of a version that it has no address of.</summary>
public sealed class MemoryHost : INetwork
{
    private const int FirstFreePort = 49152;

    private readonly MemoryNetwork _network;
    private readonly Dictionary<IPEndPoint, MemoryDatagramSocket> _datagrams = [];
    private readonly Dictionary<IPEndPoint, MemoryListener> _listeners = [];
    private int _nextPort = FirstFreePort;

    internal MemoryHost(MemoryNetwork network, string name, IReadOnlyList<IPAddress> addresses)
    {
        _network = network;
        Name = name;
        Addresses = addresses;
    }

    /// <summary>What ladders call it.</summary>
    public string Name { get; }

    /// <summary>Its addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>How many datagram sockets and stream listeners are bound: 0 when everything was closed.</summary>
    public int Bound => _datagrams.Count + _listeners.Count;

    /// <inheritdoc/>
    public bool Supports(IpVersion version) => Addresses.Any(address => address.Version == version);

    /// <inheritdoc/>
    public IPAddress? LocalAddressTowards(IPAddress remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return Addresses.Contains(remote)
            ? remote
            : Addresses.Where(address => address.Version == remote.Version).MaxBy(address => CommonPrefix(address, remote));
    }

    /// <inheritdoc/>
    public IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver, int shards = 1)
    {
        var bound = CheckBind(local, _datagrams.Keys);
        return _datagrams[bound] = new MemoryDatagramSocket(_network, this, bound, receiver);
    }

    /// <inheritdoc/>
    public IStreamListener ListenStream(IPEndPoint local, IStreamAcceptor acceptor)
    {
        var bound = CheckBind(local, _listeners.Keys);
        return _listeners[bound] = new MemoryListener(this, bound, acceptor);
    }

    /// <inheritdoc/>
    public IStreamConnection ConnectStream(IPAddress? localAddress, IPEndPoint remote, IStreamReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(remote);
        var from = localAddress ?? LocalAddressTowards(remote.Address);
        var connection = new MemoryConnection(_network, this, new IPEndPoint(from ?? IPAddress.None, _nextPort++), remote) { Receiver = receiver };
        if (from is null || !Addresses.Contains(from))
        {
            connection.Fail(from is null ? SocketError.NetworkUnreachable : SocketError.AddressNotAvailable, TimeSpan.Zero);
        }
        else
        {
            connection.Connect();
        }
        return connection;
    }

    internal MemoryDatagramSocket? DatagramSocketAt(IPEndPoint endPoint) => At(_datagrams, endPoint);

    internal MemoryListener? ListenerAt(IPEndPoint endPoint) => At(_listeners, endPoint);

    internal void Free(MemoryDatagramSocket socket) => _datagrams.Remove(socket.LocalEndPoint);

    internal void Free(MemoryListener listener) => _listeners.Remove(listener.LocalEndPoint);

    private static T? At<T>(Dictionary<IPEndPoint, T> bound, IPEndPoint endPoint)
        where T : class =>
        bound.GetValueOrDefault(endPoint) ?? bound.GetValueOrDefault(new IPEndPoint(Wildcard(endPoint.Address), endPoint.Port));

    private static IPAddress Wildcard(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private IPEndPoint CheckBind(IPEndPoint local, IEnumerable<IPEndPoint> bound)
    {
        if (!Supports(local.Address.Version))
        {
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        }
        if (!IsWildcard(local.Address) && !Addresses.Contains(local.Address))
        {
            throw new SocketException((int)SocketError.AddressNotAvailable);
        }
        var wanted = local.Port == 0 ? new IPEndPoint(local.Address, _nextPort++) : local;
        if (bound.Any(other => other.Port == wanted.Port && other.AddressFamily == wanted.AddressFamily
            && (other.Address.Equals(wanted.Address) || IsWildcard(other.Address) || IsWildcard(wanted.Address))))
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
        return wanted;
    }

    private static int CommonPrefix(IPAddress one, IPAddress other)
    {
        var (a, b) = (one.GetAddressBytes(), other.GetAddressBytes());
        var bits = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (byte)(a[i] ^ b[i]);
            if (difference != 0)
            {
                return bits + byte.LeadingZeroCount(difference);
            }
            bits += 8;
        }
        return bits;
    }
}
