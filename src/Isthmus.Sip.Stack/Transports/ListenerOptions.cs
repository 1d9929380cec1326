// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Where to listen: one transport, one address of one IP version, one port.</summary>
public sealed record ListenerOptions
{
    /// <summary>UDP or TCP.</summary>
    public required SipTransport Transport { get; init; }

    /// <summary>A local address, or the wildcard of a version (<c>0.0.0.0</c>, <c>::</c>); <c>::</c> never takes IPv4.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>0 to 65535; 0 takes a free port. 5060 unless told.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>What Via, Record-Route and Contact name instead of the local address: a name or an address; an IPv6 address without brackets.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>What Via, Record-Route and Contact name instead of the bound port.</summary>
    public int? AdvertisedPort { get; init; }

    /// <summary>
    /// On how many threads datagrams are received, 1 to 64; the kernel divides their senders among them, where it can (Linux).
    /// As many as there are processors unless told, 4 at most. TCP makes nothing of it.
    /// </summary>
    public int Shards { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);
}
