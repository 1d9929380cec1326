// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>An IP version: IPv4 or IPv6. A type, never a test on strings.</summary>
public enum IpVersion : byte
{
    /// <summary>IPv4 (RFC 791); <c>IP4</c> in SDP.</summary>
    V4 = 4,

    /// <summary>IPv6 (RFC 8200); <c>IP6</c> in SDP.</summary>
    V6 = 6,
}
