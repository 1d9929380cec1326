// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using static Isthmus.Sip.Stack.LinuxSocketCalls;

namespace Isthmus.Sip.Stack;

/// <summary>
/// A UDP address of Linux: one socket, or several that share the address (SO_REUSEPORT) and are served by as many threads, among which the kernel divides the
/// senders. It knows the address each datagram came to, sends from a chosen address, and hears of ICMP errors
/// although it is not connected.
/// </summary>
internal sealed class LinuxDatagramSocket : IDatagramSocket
{
    private const int Longest4 = 65507; // 65535 less the headers of IPv4 and UDP
    private const int Longest6 = 65527;

    private readonly DatagramShard[] _shards;
    private readonly Gatherings _gatherings;
    private readonly bool _isV4;
    private volatile bool _closed;

    /// <param name="sockets">Bound already, to one address; owned from now on.</param>
    /// <param name="receiver">Hears the datagrams, from as many threads as there are sockets.</param>
    /// <param name="loops">The threads.</param>
    /// <param name="localTowards">The routing table, for datagrams that came to a group and so name no address of this host.</param>
    public LinuxDatagramSocket(IReadOnlyList<Socket> sockets, IDatagramReceiver receiver, SocketLoops loops, Func<IPAddress, IPAddress?> localTowards)
    {
        _gatherings = loops.Gatherings;
        LocalEndPoint = (IPEndPoint)sockets[0].LocalEndPoint!;
        _isV4 = LocalEndPoint.AddressFamily == AddressFamily.InterNetwork;
        _shards = [.. sockets.Zip(loops.Next(sockets.Count), (socket, loop) => new DatagramShard(this, socket, receiver, loop, localTowards))];
        try
        {
            foreach (var shard in _shards)
            {
                shard.Start();
            }
        }
        catch
        {
            Dispose(); // of no use by half
            throw;
        }
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What is to be set before binding, or the first datagrams come without it.</summary>
    public static void Prepare(Socket socket, bool isWildcard)
    {
        Span<byte> on = [1, 0, 0, 0];
        var isV4 = socket.AddressFamily == AddressFamily.InterNetwork;
        var level = isV4 ? ProtocolIp : ProtocolIpv6;
        socket.SetRawSocketOption(level, isV4 ? IpReceiveErrors : Ipv6ReceiveErrors, on);
        if (isV4)
        {
            // As it is not to be fragmented, the kernel need not find it a number of its own (RFC 6864 §4.1), which costs as much as to find its route.
            SetPathDiscovery(socket, always: true);
        }
        if (isWildcard)
        {
            socket.SetRawSocketOption(level, isV4 ? IpPacketInformation : Ipv6ReceivePacketInformation, on);
        }
    }

    /// <summary>Whether datagrams over IPv4 that are too large for their way are refused, or leave in fragments.</summary>
    public static void SetPathDiscovery(Socket socket, bool always) => socket.SetRawSocketOption(ProtocolIp, IpPathDiscovery, [(byte)(always ? 2 : 1), 0, 0, 0]);

    /// <summary>Asks for a receive buffer beyond the system's limit; without the right to it (CAP_NET_ADMIN) the limit stays.</summary>
    public static void TryForceReceiveBuffer(Socket socket, int bytes)
    {
        try
        {
            socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, BitConverter.GetBytes(bytes));
        }
        catch (SocketException)
        {
            // What the limit allows was set before.
        }
    }

    /// <summary>From now on other sockets of this user that ask for it too may have the same address.</summary>
    public static void SharePort(Socket socket) => socket.SetRawSocketOption(SocketLevel, ReusePort, [1, 0, 0, 0]);

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
        if (payload.Length > (_isV4 ? Longest4 : Longest6))
        {
            return SocketError.MessageSize;
        }
        if (_gatherings.Current is not { } gathering)
        {
            return _shards[0].Send(payload, remote, fromLocal);
        }
        var shard = ShardOf(gathering.Home);
        return gathering.QueueFor(shard)?.Add(payload, remote, fromLocal) == true ? null : shard.Send(payload, remote, fromLocal);
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }
        _closed = true;
        foreach (var shard in _shards)
        {
            shard.Close();
        }
    }

    // A thread that receives sends by its own socket, so that threads do not meet in the kernel.
    private DatagramShard ShardOf(SocketLoop? loop)
    {
        foreach (var shard in _shards)
        {
            if (shard.Loop == loop)
            {
                return shard;
            }
        }
        return _shards[0];
    }
}
