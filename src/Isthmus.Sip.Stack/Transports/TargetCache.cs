// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The targets used lately, by the text or the endpoint that names them, so that a place that is sent to again costs nothing to name. Each
/// has one slot by its hash; a newer one takes the slot. Any thread may use it: what is lost in a race is made again.
/// </summary>
internal sealed class TargetCache
{
    private const int Size = 32_768;
    private const int LongestText = 64;

    private readonly KeyedHash _hash = KeyedHash.Random();
    private readonly Target?[] _byText = new Target?[Size];
    private readonly Target?[] _byEndPoint = new Target?[Size];

    public Target Of(SipTransport transport, IPEndPoint endPoint)
    {
        ref var slot = ref _byEndPoint[(uint)HashCode.Combine(endPoint, transport) % Size];
        var known = Volatile.Read(ref slot);
        if (known is null || known.Transport != transport || !known.EndPoint.Equals(endPoint))
        {
            known = new Target(transport, endPoint);
            Volatile.Write(ref slot, known);
        }
        return known;
    }

    /// <summary>False: the host is a name, or no host at all, or there is no such port.</summary>
    public bool TryFind(SipTransport transport, ReadOnlySpan<byte> host, int port, [NotNullWhen(true)] out Target? target)
    {
        target = null;
        if (host.Length > LongestText || port is <= 0 or > 65535)
        {
            return false;
        }
        var number = NumberOf(transport, host, port);
        ref var slot = ref _byText[number % Size];
        target = Volatile.Read(ref slot);
        if (target is null || target.Number != number)
        {
            if (AddressOf(host) is not { } address)
            {
                target = null;
                return false;
            }
            target = new Target(transport, new IPEndPoint(address, port)) { Number = number };
            Volatile.Write(ref slot, target);
        }
        return true;
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

    // A received parameter has an IPv6 address without brackets (RFC 5118 §4.5), all else has it with them.
    private static IPAddress? AddressOf(ReadOnlySpan<byte> host) =>
        Host.TryParse(host, out var parsed) ? parsed.Address
        : host.Contains((byte)':') && IPAddress.TryParse(host, out var bare) ? bare
        : null;
}
