// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Media;

/// <summary>What a media socket tells its owner. Calls may come on any thread; the payload is valid during the call only.</summary>
public interface IMediaReceiver
{
    /// <summary>A datagram arrived.</summary>
    void Received(ReadOnlySpan<byte> payload, IPEndPoint from);

    /// <summary>A datagram could not be delivered (ICMP) or sent; <paramref name="remote"/> is null where the host does not say which.</summary>
    void Unreachable(IPEndPoint? remote, SocketError error);
}
