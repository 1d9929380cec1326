// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4).</summary>
internal static class ResponseRoute
{
    /// <summary>The connection the request came by, while it can still be written to.</summary>
    public static Flow? LivingConnection(Flow? cameBy) => cameBy?.Connection is { IsWritable: true } ? cameBy : null;

    /// <summary>
    /// Whether a response goes back to the very place that its request came from: by datagrams it does when the Via, in which that place was
    /// noted, has the port of it and no other address to go to.
    /// </summary>
    public static bool IsSource(in ViaView via, Flow cameBy) =>
        !cameBy.Transport.IsReliable && !via.HasMaddr
        && (via.Rport ?? via.Port ?? cameBy.Transport.DefaultPort) == cameBy.Remote.Port;

    /// <summary>The transport and place that a Via names; null when it names none that an answer may go to.</summary>
    public static (SipTransport Transport, IPEndPoint Place)? PlaceOf(in ViaView via, Flow? cameBy)
    {
        if ((cameBy?.Transport ?? via.Transport) is not { } transport)
        {
            return null;
        }
        var port = via.Port ?? transport.DefaultPort;
        if (transport.IsReliable)
        {
            return Place(AddressOf(via) ?? cameBy?.Remote.Address, port) is { } stream ? (transport, stream) : null;
        }
        var place = via.TryGet("maddr"u8, out var maddr)
            ? Place(Read(maddr), port)
            : Place(AddressOf(via) ?? cameBy?.Remote.Address, via.Rport ?? port);
        return place is not null && (cameBy is null || place.AddressFamily == cameBy.Remote.AddressFamily) ? (transport, place) : null;
    }

    /// <summary>Where the request came from, as its Via notes it: the remote end of its connection. Null when it was not noted.</summary>
    public static IPEndPoint? SourceOf(in ViaView via) => via.Rport is { } port && AddressOf(via) is { } address ? new IPEndPoint(address, port) : null;

    private static IPAddress? AddressOf(in ViaView via) => Read(via.Received) ?? Read(via.Host);

    // A received parameter has an IPv6 address without brackets (RFC 5118 §4.5), all else has it with them.
    private static IPAddress? Read(ReadOnlySpan<byte> host) =>
        Host.TryParse(host, out var parsed) ? parsed.Address
        : host.Contains((byte)':') && IPAddress.TryParse(host, out var bare) ? bare
        : null;

    /// <summary>No group, no wildcard: an answer must not be turned on a crowd.</summary>
    public static bool MayBeAnswered(IPAddress address) =>
        !address.IsIPv6Multicast && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && !(address.AddressFamily == AddressFamily.InterNetwork && IsIPv4Multicast(address));

    private static bool IsIPv4Multicast(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[4];
        return address.TryWriteBytes(octets, out _) && octets[0] is >= 224 and < 240;
    }

    private static IPEndPoint? Place(IPAddress? address, int port) => address is null || port == 0 || !MayBeAnswered(address) ? null : new IPEndPoint(address, port);
}
