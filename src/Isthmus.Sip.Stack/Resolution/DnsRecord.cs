// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>One record of an answer; only the types that locating a server needs.</summary>
/// <param name="Name">Whose record it is: without the point at its end, in any case.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
public abstract record DnsRecord(string Name, TimeSpan TimeToLive);

/// <summary>A or AAAA: an address.</summary>
/// <param name="Name">The host.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
/// <param name="Address">The address.</param>
public sealed record AddressRecord(string Name, TimeSpan TimeToLive, IPAddress Address) : DnsRecord(Name, TimeToLive);

/// <summary>CNAME: the name is another name for a third.</summary>
/// <param name="Name">The alias.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
/// <param name="Target">The name that it stands for.</param>
public sealed record AliasRecord(string Name, TimeSpan TimeToLive, string Target) : DnsRecord(Name, TimeToLive);

/// <summary>SRV: a server of a service (RFC 2782).</summary>
/// <param name="Name">The service, such as <c>_sip._udp.example.com</c>.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
/// <param name="Priority">The lowest is tried first. 0 to 65535.</param>
/// <param name="Weight">The share among servers of one priority. 0 to 65535.</param>
/// <param name="Port">The port. 0 to 65535.</param>
/// <param name="Target">The server's name; empty or a point: the service is decidedly not offered.</param>
public sealed record ServiceRecord(string Name, TimeSpan TimeToLive, int Priority, int Weight, int Port, string Target) : DnsRecord(Name, TimeToLive)
{
    /// <summary>Whether it says that there is no such service.</summary>
    public bool IsDenial => Target is "" or ".";
}

/// <summary>NAPTR: a service of a domain, and under which name its SRV records are (RFC 3403 §4).</summary>
/// <param name="Name">The domain.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
/// <param name="Order">The lowest comes first. 0 to 65535.</param>
/// <param name="Preference">Among those of one order, the lowest comes first. 0 to 65535.</param>
/// <param name="Flags">Such as <c>s</c>: what follows is a look-up of SRV.</param>
/// <param name="Service">Such as <c>SIP+D2U</c>.</param>
/// <param name="Replacement">The name to look up next.</param>
public sealed record PointerRecord(string Name, TimeSpan TimeToLive, int Order, int Preference, string Flags, string Service, string Replacement) : DnsRecord(Name, TimeToLive);
