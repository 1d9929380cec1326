// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The seam under everything: what the stack needs of an IP host. <c>SystemNetwork</c> is the operating system's;
/// tests put a simulated one in its place.
/// </summary>
/// <remarks>
/// IPv4 and IPv6 are two worlds here: one socket serves one version, and no address is ever IPv4-mapped (<c>::ffff:a.b.c.d</c>).
/// </remarks>
public interface INetwork
{
    /// <summary>Binds a datagram socket. Port 0 takes a free port; a wildcard address serves every address of its version.</summary>
    /// <param name="local">Where to bind. The address decides the version; an IPv6 socket never takes IPv4.</param>
    /// <param name="receiver">Hears every datagram and every error; may be called before this method returns.</param>
    /// <param name="shards">On how many threads the receiver may be called at a time, at least 1. One remote endpoint stays on one of them. A network may use fewer.</param>
    /// <exception cref="SocketException">The port is taken, the address is not this host's, or the version is missing.</exception>
    IDatagramSocket BindDatagram(IPEndPoint local, IDatagramReceiver receiver, int shards = 1);

    /// <summary>Listens for stream connections. Port 0 takes a free port.</summary>
    /// <exception cref="SocketException">The port is taken, the address is not this host's, or the version is missing.</exception>
    IStreamListener ListenStream(IPEndPoint local, IStreamAcceptor acceptor);

    /// <summary>
    /// Starts to connect and returns at once. <see cref="IStreamReceiver.Connected"/> or <see cref="IStreamReceiver.Closed"/> follows,
    /// never from inside this call.
    /// </summary>
    /// <param name="localAddress">The source address; null lets the routing table choose.</param>
    /// <param name="remote">Whom to connect to.</param>
    /// <param name="receiver">Hears what becomes of the connection.</param>
    IStreamConnection ConnectStream(IPAddress? localAddress, IPEndPoint remote, IStreamReceiver receiver);

    /// <summary>
    /// From now until the batch is disposed, what this thread sends is gathered and leaves in few system calls: at the end of the batch, or earlier.
    /// The threads that receive do so by themselves. Does nothing on networks that have no use for it.
    /// </summary>
    SendBatch Gather() => default;

    /// <summary>Whether this host has the version at all.</summary>
    bool Supports(IpVersion version);

    /// <summary>The source address that the routing table takes towards <paramref name="remote"/>; null when there is no route.</summary>
    IPAddress? LocalAddressTowards(IPAddress remote);
}
