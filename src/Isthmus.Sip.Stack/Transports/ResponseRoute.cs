// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
internal static class ResponseRoute
{
    /// <summary>The connection the request came by, while it can still be written to.</summary>
    public static Flow? LivingConnection(Flow? cameBy) => cameBy?.Connection is { IsWritable: true } ? cameBy : null;

    /// <summary>The transport and place that a Via names; null when it names none that an answer may go to.</summary>
    public static (SipTransport Transport, IPEndPoint Place)? PlaceOf(Via via, Flow? cameBy)
    {
        if ((cameBy?.Transport ?? via.Transport) is not { } transport)
        {
            return null;
        }
        var port = via.SentBy.Port ?? transport.DefaultPort;
        if (transport.IsReliable)
        {
            return Place(via.Received ?? via.SentBy.Host.Address ?? cameBy?.Remote.Address, port) is { } stream ? (transport, stream) : null;
        }
        var place = via.Maddr is { } maddr
            ? Place(Host.TryParse(maddr, out var host) ? host.Address : null, port)
            : Place(via.Received ?? via.SentBy.Host.Address ?? cameBy?.Remote.Address, via.Rport ?? port);
        return place is not null && (cameBy is null || place.AddressFamily == cameBy.Remote.AddressFamily) ? (transport, place) : null;
    }

    /// <summary>Where the request came from, as its Via notes it: the remote end of its connection. Null when it was not noted.</summary>
    public static IPEndPoint? SourceOf(Via via) =>
        via.Rport is { } port && (via.Received ?? via.SentBy.Host.Address) is { } address ? new IPEndPoint(address, port) : null;

    // No group, no wildcard: an answer must not be turned on a crowd.
    private static IPEndPoint? Place(IPAddress? address, int port) =>
        address is null || port == 0 || address.IsIPv6Multicast || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || address.Equals(IPAddress.Broadcast) || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240)
            ? null
            : new IPEndPoint(address, port);
}
