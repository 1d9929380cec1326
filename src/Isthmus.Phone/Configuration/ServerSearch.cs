// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Finds the registrars of a domain as DNS names them (RFC 3261 §10.2.6, RFC 3263), for a phone with these transports.</summary>
/// <param name="dns">Who is asked.</param>
/// <param name="network">The phone's host.</param>
/// <param name="time">The clock.</param>
/// <param name="ipv4">The phone's transport on IPv4.</param>
/// <param name="ipv6">The phone's transport on IPv6.</param>
public sealed class ServerSearch(IDnsClient dns, INetwork network, TimeProvider time, SipTransport ipv4 = SipTransport.Udp, SipTransport ipv6 = SipTransport.Udp)
{
    private readonly SipLocator _locator = new(new LocatorOptions(), dns, new Reach(network, ipv4, ipv6), time);

    /// <summary>The servers in the order in which they are tried; empty when there are none, or DNS does not say.</summary>
    /// <param name="server">A domain, a host with its port, or an address.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<ServerAddress>> FindAsync(HostPort server, CancellationToken cancellation = default)
    {
        // With one transport the domain may choose the service by NAPTR; with two each version has its own.
        SipTransport?[] transports = ipv4 == ipv6 ? [null] : [ipv6, ipv4];
        var servers = new List<ServerAddress>();
        foreach (var transport in transports)
        {
            var located = await _locator.LocateAsync(SipUri.Create(null, server, transport), cancellationToken: cancellation).ConfigureAwait(false);
            servers.AddRange(located.Targets.Select(target => new ServerAddress(target.EndPoint, target.Transport)));
        }

        return servers;
    }

    private sealed class Reach(INetwork network, SipTransport ipv4, SipTransport ipv6) : ILocalReach
    {
        public IpVersions VersionsOf(SipTransport transport) =>
            (transport == ipv4 && network.Supports(IpVersion.V4) ? IpVersions.V4 : IpVersions.None) | (transport == ipv6 && network.Supports(IpVersion.V6) ? IpVersions.V6 : IpVersions.None);

        public IPAddress? SourceTowards(SipTransport transport, IPAddress remote) => network.LocalAddressTowards(remote);
    }
}
