// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>What one URI asks for, before DNS (RFC 3263 §4.1): whose servers, at which port, by which transports.</summary>
internal sealed class LocateGoal
{
    private readonly LocateTools _tools;
    private readonly Host _target;
    private readonly bool _isReadable;

    public LocateGoal(LocateTools tools, SipUri uri, bool isSecure)
    {
        (_tools, IsSecure, Port) = (tools, isSecure, uri.Port);
        // RFC 3263 §4: TARGET is the maddr, else the host. An IPv6 address may stand there without its brackets.
        _target = uri.Maddr is { } maddr && (Host.TryParse(maddr, out Host host) || Host.TryParse($"[{maddr}]", out host)) ? host : uri.Host;
        Domain = _target.IsName ? DnsNames.Plain(_target.ToString()) : _target.ToString();
        _isReadable = TransportChoice.TryRead(uri, isSecure, out var named);
        IsNamed = named is not null;
        IReadOnlyList<SipTransport> allowed = named is { } only ? [only] : isSecure ? [SipTransport.Tls] : tools.Options.Transports;
        Transports = [.. allowed.Where(transport => tools.Reach.VersionsOf(transport) != IpVersions.None)];
    }

    /// <summary>TARGET as text, a name in lower case.</summary>
    public string Domain { get; }

    /// <summary>Whether it is followed as a sips URI.</summary>
    public bool IsSecure { get; }

    /// <summary>The port; null where none is written.</summary>
    public int? Port { get; }

    /// <summary>Whether the URI names its transport.</summary>
    public bool IsNamed { get; }

    /// <summary>The transports that may be used and are there, the preferred first.</summary>
    public IReadOnlyList<SipTransport> Transports { get; }

    /// <summary>The result where DNS has nothing to say: for an address, for this machine, and for what cannot be. Null: DNS is to be asked.</summary>
    public LocateResult? WithoutDns()
    {
        // Without a transport of our choice there may still be one that the domain prefers (NAPTR).
        if (!_isReadable || (Transports.Count == 0 && (IsNamed || IsSecure || !_target.IsName || Port is not null)))
        {
            return Fail(LocateFailure.TransportNotSupported);
        }
        if (_target.Address is { } address)
        {
            return OfAddresses([address]);
        }
        if (Domain == "localhost" || Domain.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return OfAddresses([IPAddress.IPv6Loopback, IPAddress.Loopback]); // RFC 6761 §6.3
        }
        return DnsNames.IsAskable(Domain) ? null : Fail(LocateFailure.NoSuchDomain);
    }

    public LocateResult Fail(LocateFailure failure, IpVersions versions = IpVersions.None) => new() { Domain = Domain, Failure = failure, Versions = versions };

    private LocateResult OfAddresses(IReadOnlyList<IPAddress> addresses)
    {
        var versions = addresses.Aggregate(IpVersions.None, (known, address) => known | address.Version.AsSet);
        foreach (var transport in Transports)
        {
            var usable = _tools.Reach.VersionsOf(transport);
            var targets = DestinationOrder.Of(addresses.Where(address => usable.Has(address.Version)), remote => _tools.Reach.SourceTowards(transport, remote))
                .Select(address => new LocatedTarget(transport, new IPEndPoint(address, Port ?? transport.DefaultPort), _target.IsName ? Domain : null, 0, TimeSpan.MaxValue))
                .ToList();
            if (targets.Count > 0)
            {
                return new LocateResult { Domain = Domain, Targets = targets, Versions = versions };
            }
        }
        return Fail(Transports.Count == 0 ? LocateFailure.TransportNotSupported : LocateFailure.NoCommonVersion, versions);
    }
}
