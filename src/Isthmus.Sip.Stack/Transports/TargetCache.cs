// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The targets used lately, by the text or the endpoint that names them, so that a place that is sent to again costs nothing to name. Any thread may use it.
/// </summary>
internal sealed class TargetCache
{
    private const int LongestText = 64;
    private const byte IsEndPoint = 0xff; // ends the octets of an endpoint; those of a text end with the transport

    private readonly KeyedHash _hash = KeyedHash.Random();
    private readonly TargetTable _targets = new();

    public Target Of(SipTransport transport, IPEndPoint endPoint)
    {
        var number = NumberOf(transport, endPoint);
        return _targets.Find(number) ?? _targets.Put(new Target(transport, endPoint) { Number = number });
    }

    /// <summary>False: the host is a name, or no host at all, or there is no such port.</summary>
    public bool TryFind(SipTransport transport, ReadOnlySpan<byte> host, int port, [NotNullWhen(true)] out Target? target)
    {
        if (host.Length > LongestText || port is <= 0 or > 65535)
        {
            target = null;
            return false;
        }
        var number = NumberOf(transport, host, port);
        target = _targets.Find(number);
        if (target is null && AddressOf(host) is { } address)
        {
            target = _targets.Put(new Target(transport, new IPEndPoint(address, port)) { Number = number });
        }
        return target is not null;
    }

    // Of 64 bits under a key of our own: no two places share one, and so the text need not be kept.
    private ulong NumberOf(SipTransport transport, ReadOnlySpan<byte> host, int port)
    {
        Span<byte> text = stackalloc byte[LongestText + 3];
        host.CopyTo(text);
        BinaryPrimitives.WriteUInt16LittleEndian(text[host.Length..], (ushort)port);
        text[host.Length + 2] = (byte)transport;
        return _hash.Quick(text[..(host.Length + 3)]);
    }

    private ulong NumberOf(SipTransport transport, IPEndPoint endPoint)
    {
        Span<byte> octets = stackalloc byte[NativeEndPoint.Size6 + 2];
        var length = NativeEndPoint.Write(endPoint, octets);
        (octets[length], octets[length + 1]) = ((byte)transport, IsEndPoint);
        return _hash.Quick(octets[..(length + 2)]);
    }

    // A received parameter has an IPv6 address without brackets (RFC 5118 §4.5), all else has it with them.
    private static IPAddress? AddressOf(ReadOnlySpan<byte> host) =>
        Host.TryParse(host, out var parsed) ? parsed.Address
        : host.Contains((byte)':') && IPAddress.TryParse(host, out var bare) ? bare
        : null;
}
