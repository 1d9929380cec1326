// SPDX-License-Identifier: Apache-2.0
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

    private readonly ByText?[] _byText = new ByText?[Size];
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
        var hash = new HashCode();
        hash.AddBytes(host);
        hash.Add(port);
        hash.Add(transport);
        ref var slot = ref _byText[(uint)hash.ToHashCode() % Size];
        var known = Volatile.Read(ref slot);
        if (known is null || known.Target.Transport != transport || known.Target.EndPoint.Port != port || !host.SequenceEqual(known.Host))
        {
            if (AddressOf(host) is not { } address)
            {
                return false;
            }
            known = new ByText(host.ToArray(), new Target(transport, new IPEndPoint(address, port)));
            Volatile.Write(ref slot, known);
        }
        target = known.Target;
        return true;
    }

    // A received parameter has an IPv6 address without brackets (RFC 5118 §4.5), all else has it with them.
    private static IPAddress? AddressOf(ReadOnlySpan<byte> host) =>
        Host.TryParse(host, out var parsed) ? parsed.Address
        : host.Contains((byte)':') && IPAddress.TryParse(host, out var bare) ? bare
        : null;

    private sealed record ByText(byte[] Host, Target Target);
}
