// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>One of the networks that the dual router joins.</summary>
public enum Segment
{
    /// <summary>IPv4 and IPv6.</summary>
    Dual,

    /// <summary>IPv4 only.</summary>
    Ipv4,

    /// <summary>IPv6 only.</summary>
    Ipv6,

    /// <summary>A second one with both: what stands there is reached through the router only.</summary>
    Far,
}
