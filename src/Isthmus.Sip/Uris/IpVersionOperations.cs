// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip;

/// <summary>Arithmetic of IP versions and their sets.</summary>
public static class IpVersionOperations
{
    extension(IpVersion version)
    {
        /// <summary>The other version.</summary>
        public IpVersion Other => version == IpVersion.V4 ? IpVersion.V6 : IpVersion.V4;

        /// <summary>The set that holds only this version.</summary>
        public IpVersions AsSet => version == IpVersion.V4 ? IpVersions.V4 : IpVersions.V6;

        /// <summary>The name for people: <c>IPv4</c> or <c>IPv6</c>.</summary>
        public string DisplayName => version == IpVersion.V4 ? "IPv4" : "IPv6";

        /// <summary>The address type of SDP (RFC 8866 §5.7) and of the redirect's Warning: <c>IP4</c> or <c>IP6</c>.</summary>
        public string AddressType => version == IpVersion.V4 ? "IP4" : "IP6";
    }

    extension(IpVersions versions)
    {
        /// <summary>Whether the set holds <paramref name="version"/>.</summary>
        public bool Has(IpVersion version) => (versions & version.AsSet) != 0;

        /// <summary>Whether both sets hold a common version.</summary>
        public bool Shares(IpVersions other) => (versions & other) != 0;

        /// <summary>The only version of a set of one; null for an empty set and for both.</summary>
        public IpVersion? Single => versions switch { IpVersions.V4 => IpVersion.V4, IpVersions.V6 => IpVersion.V6, _ => null };
    }

    extension(IPAddress address)
    {
        /// <summary>The version of an address; an IPv4-mapped IPv6 address (<c>::ffff:a.b.c.d</c>) is IPv4.</summary>
        public IpVersion Version => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? IpVersion.V4 : IpVersion.V6;

        /// <summary>The address itself, or the IPv4 address that an IPv4-mapped IPv6 address stands for.</summary>
        public IPAddress Unmapped => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
