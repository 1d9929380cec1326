// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Finds the servers of a domain as DNS names them (RFC 3261 §8.1.2 and §10.2.6, RFC 3263), for a phone with these transports.</summary>
public sealed class ServerSearch
{
    private readonly SipLocator _locator;
    private readonly SipTransport _ipv4;
    private readonly SipTransport _ipv6;

    /// <summary>Makes one that remembers nothing yet.</summary>
    /// <param name="dns">Who is asked.</param>
    /// <param name="network">The phone's host.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ipv4">The phone's transport on IPv4.</param>
    /// <param name="ipv6">The phone's transport on IPv6.</param>
    public ServerSearch(IDnsClient dns, INetwork network, TimeProvider time, SipTransport ipv4 = SipTransport.Udp, SipTransport ipv6 = SipTransport.Udp)
        : this(dns, network, time, ipv4, ipv6, IpVersions.Both)
    {
    }

    internal ServerSearch(IDnsClient dns, INetwork network, TimeProvider time, SipTransport ipv4, SipTransport ipv6, IpVersions versions) =>
        (_locator, _ipv4, _ipv6) = (new SipLocator(new LocatorOptions(), dns, new Reach(network, ipv4, ipv6, versions), time), ipv4, ipv6);

    /// <summary>The servers in the order in which they are tried; empty when there are none, or DNS does not say.</summary>
    /// <param name="server">A domain, a host with its port, or an address.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OperationCanceledException">The search was ended.</exception>
    public async Task<IReadOnlyList<ServerAddress>> FindAsync(HostPort server, CancellationToken cancellation = default)
    {
        var (targets, _) = await LocateAsync(SipUri.Create(null, server), cancellation).ConfigureAwait(false);
        return [.. targets.Select(target => new ServerAddress(target.EndPoint, target.Transport))];
    }

    /// <summary>Where a URI leads, in the order in which that is tried; else why nowhere.</summary>
    internal async Task<(IReadOnlyList<LocatedTarget> Targets, LocateFailure? Failure)> LocateAsync(SipUri uri, CancellationToken cancellation)
    {
        // With one transport the domain may choose the service by NAPTR; with two each version has its own.
        SipUri[] ways = _ipv4 == _ipv6 || uri.HasParameter("transport") ? [uri] : [uri.WithParameter("transport", _ipv6.UriToken), uri.WithParameter("transport", _ipv4.UriToken)];
        var targets = new List<LocatedTarget>();
        LocateFailure? failure = null;
        foreach (var way in ways)
        {
            var located = await _locator.LocateAsync(way, cancellationToken: cancellation).ConfigureAwait(false);
            targets.AddRange(located.Targets);
            failure ??= located.Failure;
        }

        return (targets, targets.Count > 0 ? null : failure);
    }

    private sealed class Reach(INetwork network, SipTransport ipv4, SipTransport ipv6, IpVersions versions) : ILocalReach
    {
        public IpVersions VersionsOf(SipTransport transport) => Of(IpVersion.V4, transport == ipv4) | Of(IpVersion.V6, transport == ipv6);

        public IPAddress? SourceTowards(SipTransport transport, IPAddress remote) => network.LocalAddressTowards(remote);

        private IpVersions Of(IpVersion version, bool isItsTransport) => isItsTransport && versions.Has(version) && network.Supports(version) ? version.AsSet : IpVersions.None;
    }
}
