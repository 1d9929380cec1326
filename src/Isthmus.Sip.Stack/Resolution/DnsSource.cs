// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Where an answer came from.</summary>
public enum DnsSource
{
    /// <summary>From a resolver, just now.</summary>
    Resolver,

    /// <summary>From the cache.</summary>
    Cache,

    /// <summary>From the cache although its time is over, because DNS does not answer (RFC 8767).</summary>
    Stale,
}
