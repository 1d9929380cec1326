// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>How an account registers (FIG. 3, 5 and 7 of docs/figures.md).</summary>
public enum RegistrationMode
{
    /// <summary>One REGISTER by each IP version, with that version's Contact.</summary>
    Both,

    /// <summary>One REGISTER, sent by one version, with the addresses of both versions as Contacts.</summary>
    OneRequest,

    /// <summary>One REGISTER, by IPv4.</summary>
    Ipv4,

    /// <summary>One REGISTER, by IPv6.</summary>
    Ipv6,

    /// <summary>No REGISTER: the servers are outbound proxies only.</summary>
    None,
}
