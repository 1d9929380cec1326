// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>What is wrong on the way to the servers of another domain.</summary>
public enum FailoverFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>IPv6 packets to them vanish; the call comes by IPv6.</summary>
    Ipv6Lost,

    /// <summary>IPv4 packets to them vanish; the call comes by IPv4.</summary>
    Ipv4Lost,

    /// <summary>Packets to the first of them vanish, on both versions.</summary>
    FirstSilent,

    /// <summary>The first of them is up but its server is not: ICMP port unreachable, or RST.</summary>
    FirstRefuses,
}
