// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The default policy table of RFC 6724 §2.1, and the scopes of §3.1 and §3.2.</summary>
internal static class AddressPolicy
{
    private static readonly (IPNetwork Prefix, int Precedence, int Label)[] Table =
    [
        (IPNetwork.Parse("::1/128"), 50, 0),
        (IPNetwork.Parse("::/96"), 1, 3),
        (IPNetwork.Parse("2001::/32"), 5, 5),
        (IPNetwork.Parse("2002::/16"), 30, 2),
        (IPNetwork.Parse("3ffe::/16"), 1, 12),
        (IPNetwork.Parse("fec0::/10"), 1, 11),
        (IPNetwork.Parse("fc00::/7"), 3, 13),
        (IPNetwork.Parse("::/0"), 40, 1),
    ];

    /// <summary>Precedence and label: the entry with the longest prefix, which stands first.</summary>
    public static (int Precedence, int Label) Of(IPAddress address)
    {
        if (address.Version == IpVersion.V4)
        {
            return (35, 4); // ::ffff:0:0/96
        }
        foreach (var (prefix, precedence, label) in Table)
        {
            if (prefix.Contains(address))
            {
                return (precedence, label);
            }
        }
        return (0, 0);
    }

    /// <summary>Link-local 2, site-local 5, global 14, as in the scope of a multicast address; loopback addresses count as link-local.</summary>
    public static int ScopeOf(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || (address.Version == IpVersion.V4 && address.Unmapped.GetAddressBytes() is [169, 254, ..]) ? 2
            : address.IsIPv6SiteLocal ? 5
            : 14;
}
