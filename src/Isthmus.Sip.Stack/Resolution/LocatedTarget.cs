// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>One of the places where a server may be found.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="EndPoint">Address and port.</param>
/// <param name="HostName">The host whose address it is; null where the URI had the address itself.</param>
/// <param name="Group">Targets of one SRV priority have the same number; the first is 0.</param>
/// <param name="TimeToLive">How long this is known to be so; <see cref="TimeSpan.MaxValue"/> for an address that stood in the URI, zero for an old answer.</param>
public sealed record LocatedTarget(SipTransport Transport, IPEndPoint EndPoint, string? HostName, int Group, TimeSpan TimeToLive)
{
    /// <summary>The IP version.</summary>
    public IpVersion Version => EndPoint.Address.Version;

    /// <summary>What a request is sent to.</summary>
    public Target ToTarget() => new(Transport, EndPoint);
}
