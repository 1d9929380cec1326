// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>One element of a request's target set (RFC 3261 §16.5): a URI and how to get there. A value, so that choosing one makes nothing.</summary>
internal readonly record struct ProxyTarget
{
    public ProxyTarget()
    {
    }

    /// <summary>Where the request is sent: address, port, transport, and the flow to reuse.</summary>
    public required Target NextHop { get; init; }

    /// <summary>The preference of the target, 0 to 1; equal ones ring together, lower ones after higher ones failed.</summary>
    public double Q { get; init; } = 1;

    /// <summary>The Path of the registration (RFC 3327 §5.3), put before the request's own Routes; the first is visited first.</summary>
    public IReadOnlyList<NameAddr> Path { get; init; } = [];

    /// <summary>The device that the target leads to; null when it is not one of ours.</summary>
    public Device? Device { get; init; }

    /// <summary>The binding that the target stands for, whose URI the request gets; null when it is not one of ours, and the URI stays as it came.</summary>
    public Binding? Binding { get; init; }

    /// <summary>Which of the device's bindings have had their turn, this one included, a bit for each.</summary>
    public ulong Tried { get; init; }

    /// <summary>Whether only bindings of this one's version may stand in for it, when it cannot be sent to.</summary>
    public bool KeepsVersion { get; init; }

    /// <summary>The servers of another domain, of which this is one; null when it leads to a device, or to an address that stood in the request.</summary>
    public ServerList? Servers { get; init; }

    /// <summary>The binding leads to another domain, whose servers are still to be found; the next hop is only where its REGISTER came from.</summary>
    public bool IsAway { get; init; }

    /// <summary>The place of the next hop among <see cref="Servers"/>.</summary>
    public int ServerIndex { get; init; }

    /// <summary>The IP version of the next hop.</summary>
    public IpVersion Version => NextHop.EndPoint.Address.Version;
}
