// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A set of IP versions.</summary>
[Flags]
public enum IpVersions : byte
{
    /// <summary>No version.</summary>
    None = 0,

    /// <summary>IPv4.</summary>
    V4 = 1,

    /// <summary>IPv6.</summary>
    V6 = 2,

    /// <summary>IPv4 and IPv6: dual-stack.</summary>
    Both = V4 | V6,
}
