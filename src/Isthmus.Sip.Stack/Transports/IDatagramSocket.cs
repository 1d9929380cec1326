// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>A bound datagram socket of one IP version. Disposing frees the port; nothing is received afterwards.</summary>
public interface IDatagramSocket : IDisposable
{
    /// <summary>The bound address and port.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Sends one datagram without waiting. A datagram for which the kernel has no room is lost as any datagram may be; what the network
    /// finds out later reaches <see cref="IDatagramReceiver.Unreachable"/>; so does what <see cref="INetwork.Gather"/> finds out at the batch's end.
    /// </summary>
    /// <returns>Null: it left, or will at the end of the batch. Else why it could not: too large, no route, a source that is not this host's.</returns>
    /// <param name="payload">The datagram; copied or sent before the call returns.</param>
    /// <param name="remote">The destination; of the socket's version.</param>
    /// <param name="fromLocal">The source address, for sockets bound to a wildcard; null lets the routing table choose.</param>
    SocketError? Send(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress? fromLocal);
}

/// <summary>
/// Hears what a datagram socket receives. Datagrams of one remote endpoint come one at a time, on as many threads as the socket was bound with
/// <c>shards</c>; errors come from any thread, also from inside a send.
/// </summary>
public interface IDatagramReceiver
{
    /// <summary>One datagram. The span is reused once the call returns.</summary>
    /// <param name="payload">The whole datagram.</param>
    /// <param name="remote">Its source.</param>
    /// <param name="localAddress">The address it was sent to, also when the socket is bound to a wildcard.</param>
    void Received(ReadOnlySpan<byte> payload, IPEndPoint remote, IPAddress localAddress);

    /// <summary>A datagram sent earlier to <paramref name="remote"/> did not get there (ICMP).</summary>
    void Unreachable(IPEndPoint remote, SocketError error);

    /// <summary>A call to this receiver threw, or the network's own work for it: an error in the program. The socket goes on with its next datagram. By default nobody hears.</summary>
    void Faulted(Exception fault)
    {
    }
}
