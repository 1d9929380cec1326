// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What is asked of DNS, with the numbers of its registry.</summary>
public enum DnsType
{
    /// <summary>IPv4 addresses (RFC 1035 §3.4.1).</summary>
    A = 1,

    /// <summary>IPv6 addresses (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>The servers of a service (RFC 2782).</summary>
    Srv = 33,

    /// <summary>The services of a domain (RFC 3403).</summary>
    Naptr = 35,
}
