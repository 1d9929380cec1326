// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>One search for the servers of a URI (RFC 3263 §4): NAPTR, else SRV, else the addresses of the name itself.</summary>
internal sealed class LocateSearch
{
    private readonly LocateTools _tools;
    private readonly LocateQuestions _dns;
    private readonly SipUri _uri;
    private readonly bool _isSecure;
    private readonly Host _target;
    private readonly string _domain;

    public LocateSearch(LocateTools tools, LocateQuestions dns, SipUri uri, bool isSecure)
    {
        (_tools, _dns, _uri, _isSecure) = (tools, dns, uri, isSecure);
        // RFC 3263 §4: TARGET is the maddr, else the host. An IPv6 address may stand there without its brackets.
        _target = uri.Maddr is { } maddr && (Host.TryParse(maddr, out Host host) || Host.TryParse($"[{maddr}]", out host)) ? host : uri.Host;
        _domain = _target.IsName ? DnsNames.Plain(_target.ToString()) : _target.ToString();
    }

    private bool IsLocal => _domain == "localhost" || _domain.EndsWith(".localhost", StringComparison.Ordinal);

    public async Task<LocateResult> RunAsync()
    {
        if (!TransportChoice.TryRead(_uri, _isSecure, out var named))
        {
            return Fail(LocateFailure.TransportNotSupported);
        }
        IReadOnlyList<SipTransport> allowed = named is { } only ? [only] : _isSecure ? [SipTransport.Tls] : _tools.Options.Transports;
        var transports = allowed.Where(transport => _tools.Reach.VersionsOf(transport) != IpVersions.None).ToList();
        if (transports.Count == 0 && (named is not null || _isSecure || !_target.IsName || _uri.Port is not null))
        {
            return Fail(LocateFailure.TransportNotSupported);
        }
        if (_target.Address is { } address)
        {
            return OfAddresses([address], transports);
        }
        if (IsLocal)
        {
            return OfAddresses([IPAddress.IPv6Loopback, IPAddress.Loopback], transports); // RFC 6761 §6.3: DNS is not asked
        }
        if (!DnsNames.IsAskable(_domain))
        {
            return Fail(LocateFailure.NoSuchDomain);
        }
        if (_uri.Port is null)
        {
            var found = named is null ? await ByPointersAsync().ConfigureAwait(false) : null;
            found ??= await ByServicesAsync(transports).ConfigureAwait(false);
            if (found is not null)
            {
                return found;
            }
        }
        return transports.Count == 0 ? Fail(LocateFailure.TransportNotSupported)
            : await OfServersAsync([new LocateServer(_domain, _uri.Port, 0, TimeSpan.MaxValue)], transports).ConfigureAwait(false);
    }

    // NAPTR says which transports the domain prefers, and where their SRV records are. Null: it says nothing of use.
    private async Task<LocateResult?> ByPointersAsync()
    {
        var step = await _dns.AskAsync(_domain, DnsType.Naptr, _tools.Options.NaptrTime).ConfigureAwait(false);
        LocateResult? failed = null;
        foreach (var (transport, pointer) in
            from pointer in step.Records.OfType<PointerRecord>()
            orderby pointer.Order, pointer.Preference
            let transport = TransportChoice.OfService(pointer.Service, _isSecure)
            where transport is not null && pointer.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && DnsNames.IsAskable(DnsNames.Plain(pointer.Replacement))
            where _tools.Reach.VersionsOf(transport.Value) != IpVersions.None
            select (transport.Value, pointer))
        {
            var services = await _dns.AskAsync(DnsNames.Plain(pointer.Replacement), DnsType.Srv).ConfigureAwait(false);
            // One that leads nowhere is passed over. One of which nothing can be learnt is not: the next may be the less secure one.
            var found = await OfServicesAsync(services, transport).ConfigureAwait(false);
            if (found is { Failure: null } || services.IsFailure)
            {
                return found;
            }
            failed ??= found;
        }
        return failed;
    }

    // SRV for each transport that may be used; the first of them that leads to a server. Null: there are no such records.
    private async Task<LocateResult?> ByServicesAsync(List<SipTransport> transports)
    {
        var questions = (from transport in transports
                         let name = TransportChoice.ServiceName(transport, _domain)
                         where name is not null && DnsNames.IsAskable(name)
                         select (Transport: transport, Step: _dns.AskAsync(name, DnsType.Srv))).ToList();
        await _dns.AwaitAsync(
            questions.Select(question => question.Step),
            () => questions.Exists(question => question.Step is { IsCompletedSuccessfully: true, Result.Records.Count: > 0 }) ? _tools.Options.EarlierServerTime : null).ConfigureAwait(false);
        LocateResult? failed = null;
        foreach (var (transport, question) in questions.Where(question => question.Step.IsCompleted))
        {
            var found = await OfServicesAsync(await question.ConfigureAwait(false), transport).ConfigureAwait(false);
            if (found is { Failure: null })
            {
                return found;
            }
            // What may be there after all weighs more than what is not there.
            failed = failed is null || (found?.Failure?.IsTemporary == true && failed.Failure?.IsTemporary == false) ? found ?? failed : failed;
        }
        return failed;
    }

    private async Task<LocateResult?> OfServicesAsync(DnsStep step, SipTransport transport)
    {
        if (step.IsNothing)
        {
            return null;
        }
        if (step.IsFailure)
        {
            return Fail(FailureOf(step.Status));
        }
        var records = ServiceOrder.Of(step.Records.OfType<ServiceRecord>(), _tools.Random);
        if (records.Count == 0)
        {
            return Fail(LocateFailure.ServiceNotOffered);
        }
        var ranks = records.Select(record => record.Priority).Distinct().ToList();
        var servers = records.Where(record => DnsNames.IsAskable(DnsNames.Plain(record.Target))).Take(_tools.Options.MaxServers)
            .Select(record => new LocateServer(DnsNames.Plain(record.Target), record.Port, ranks.IndexOf(record.Priority), step.TimeToLive));
        return await OfServersAsync([.. servers], [transport]).ConfigureAwait(false);
    }

    private async Task<LocateResult> OfServersAsync(IReadOnlyList<LocateServer> servers, IReadOnlyList<SipTransport> transports)
    {
        var usable = transports.Aggregate(IpVersions.None, (versions, transport) => versions | _tools.Reach.VersionsOf(transport));
        var hosts = servers.Select(server => new HostLookUp(server, _dns.AskAsync(server.Host, DnsType.Aaaa), _dns.AskAsync(server.Host, DnsType.A))).ToList();
        bool isWhole = await _dns.AwaitAsync(
            hosts.SelectMany(host => host.Questions),
            () => hosts.Find(host => !host.HasNothing(usable))?.HasAddress(usable) == true ? _tools.Options.GraceTime
                : hosts.Exists(host => host.HasAddress(usable)) ? _tools.Options.EarlierServerTime
                : null).ConfigureAwait(false);
        var versions = hosts.SelectMany(host => host.Addresses(int.MaxValue)).Aggregate(IpVersions.None, (known, found) => known | found.Address.Version.AsSet);
        foreach (var transport in transports)
        {
            if (TargetsOf(hosts, transport) is { Count: > 0 } targets)
            {
                return new LocateResult { Domain = _domain, Targets = targets, Versions = versions, IsPartial = !isWhole };
            }
        }
        var steps = hosts.SelectMany(host => host.Steps).ToList();
        return steps.FirstOrDefault(step => step.IsFailure) is { } failed ? Fail(FailureOf(failed.Status), versions)
            : versions != IpVersions.None ? Fail(LocateFailure.NoCommonVersion, versions)
            : steps.Count > 0 && steps.All(step => step.Status == DnsStatus.NameError && step.Name == _domain) ? Fail(LocateFailure.NoSuchDomain)
            : Fail(LocateFailure.NoAddress);
    }

    private List<LocatedTarget> TargetsOf(List<HostLookUp> hosts, SipTransport transport)
    {
        var versions = _tools.Reach.VersionsOf(transport);
        var targets = new List<LocatedTarget>();
        var seen = new HashSet<IPEndPoint>();
        foreach (var host in hosts)
        {
            var found = host.Addresses(_tools.Options.MaxAddresses).Where(found => versions.Has(found.Address.Version)).DistinctBy(found => found.Address)
                .ToDictionary(found => found.Address, found => found.TimeToLive);
            foreach (var address in DestinationOrder.Of(found.Keys, remote => _tools.Reach.SourceTowards(transport, remote)))
            {
                var endPoint = new IPEndPoint(address, host.Server.Port ?? transport.DefaultPort);
                if (targets.Count < _tools.Options.MaxTargets && seen.Add(endPoint))
                {
                    targets.Add(new LocatedTarget(transport, endPoint, host.Server.Host, host.Server.Group, found[address]));
                }
            }
        }
        return targets;
    }

    private LocateResult OfAddresses(IReadOnlyList<IPAddress> addresses, List<SipTransport> transports)
    {
        var versions = addresses.Aggregate(IpVersions.None, (known, address) => known | address.Version.AsSet);
        foreach (var transport in transports)
        {
            var usable = _tools.Reach.VersionsOf(transport);
            var targets = DestinationOrder.Of(addresses.Where(address => usable.Has(address.Version)), remote => _tools.Reach.SourceTowards(transport, remote))
                .Select(address => new LocatedTarget(transport, new IPEndPoint(address, _uri.Port ?? transport.DefaultPort), _target.IsName ? _domain : null, 0, TimeSpan.MaxValue))
                .ToList();
            if (targets.Count > 0)
            {
                return new LocateResult { Domain = _domain, Targets = targets, Versions = versions };
            }
        }
        return Fail(transports.Count == 0 ? LocateFailure.TransportNotSupported : LocateFailure.NoCommonVersion, versions);
    }

    private LocateResult Fail(LocateFailure failure, IpVersions versions = IpVersions.None) => new() { Domain = _domain, Failure = failure, Versions = versions };

    private static LocateFailure FailureOf(DnsStatus status) => status switch
    {
        DnsStatus.TimedOut => LocateFailure.DnsTimedOut,
        DnsStatus.Unreachable or DnsStatus.Overloaded => LocateFailure.DnsUnavailable,
        _ => LocateFailure.DnsFailed,
    };
}
