// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>The record types that locating a SIP server uses (RFC 3263).</summary>
internal enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server of the zone.</summary>
    NS = 2,

    /// <summary>Another name for the same.</summary>
    CNAME = 5,

    /// <summary>The beginning of a zone.</summary>
    SOA = 6,

    /// <summary>An IPv6 address.</summary>
    AAAA = 28,

    /// <summary>A server of a service: priority, weight, port, host (RFC 2782).</summary>
    SRV = 33,

    /// <summary>Which services a domain has, by transport (RFC 3403).</summary>
    NAPTR = 35,
}
