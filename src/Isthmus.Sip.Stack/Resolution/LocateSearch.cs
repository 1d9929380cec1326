// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>One search for the servers of a URI (RFC 3263 §4): NAPTR, else SRV, else the addresses of the name itself.</summary>
internal sealed class LocateSearch(LocateTools tools, LocateGoal goal, LocateQuestions dns)
{
    public async Task<LocateResult> RunAsync()
    {
        if (goal.Port is null)
        {
            var found = goal.IsNamed ? null : await ByPointersAsync().ConfigureAwait(false);
            found ??= await ByServicesAsync().ConfigureAwait(false);
            if (found is not null)
            {
                return found;
            }
        }
        return goal.Transports.Count == 0 ? goal.Fail(LocateFailure.TransportNotSupported)
            : await OfServersAsync([new LocateServer(goal.Domain, goal.Port, 0, TimeSpan.MaxValue)], goal.Transports).ConfigureAwait(false);
    }

    // NAPTR says which transports the domain prefers, and where their SRV records are. Null: it says nothing of use.
    private async Task<LocateResult?> ByPointersAsync()
    {
        var step = await dns.AskAsync(goal.Domain, DnsType.Naptr, tools.Options.NaptrTime).ConfigureAwait(false);
        LocateResult? failed = null;
        foreach (var (transport, pointer) in
            from pointer in step.Records.OfType<PointerRecord>()
            orderby pointer.Order, pointer.Preference
            let transport = TransportChoice.OfService(pointer.Service, goal.IsSecure)
            where transport is not null && pointer.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && DnsNames.IsAskable(DnsNames.Plain(pointer.Replacement))
            where tools.Reach.VersionsOf(transport.Value) != IpVersions.None
            select (transport.Value, pointer))
        {
            var services = await dns.AskAsync(DnsNames.Plain(pointer.Replacement), DnsType.Srv).ConfigureAwait(false);
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
    private async Task<LocateResult?> ByServicesAsync()
    {
        var questions = (from transport in goal.Transports
                         let name = TransportChoice.ServiceName(transport, goal.Domain)
                         where name is not null && DnsNames.IsAskable(name)
                         select (Transport: transport, Step: dns.AskAsync(name, DnsType.Srv))).ToList();
        await dns.AwaitAsync(
            questions.Select(question => question.Step),
            () => questions.Exists(question => question.Step is { IsCompletedSuccessfully: true, Result.Records.Count: > 0 }) ? tools.Options.EarlierServerTime : null).ConfigureAwait(false);
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
            return goal.Fail(FailureOf(step.Status));
        }
        var records = ServiceOrder.Of(step.Records.OfType<ServiceRecord>(), tools.Random);
        if (records.Count == 0)
        {
            return goal.Fail(LocateFailure.ServiceNotOffered);
        }
        var ranks = records.Select(record => record.Priority).Distinct().ToList();
        var servers = records.Where(record => DnsNames.IsAskable(DnsNames.Plain(record.Target))).Take(tools.Options.MaxServers)
            .Select(record => new LocateServer(DnsNames.Plain(record.Target), record.Port, ranks.IndexOf(record.Priority), step.TimeToLive));
        return await OfServersAsync([.. servers], [transport]).ConfigureAwait(false);
    }

    private async Task<LocateResult> OfServersAsync(IReadOnlyList<LocateServer> servers, IReadOnlyList<SipTransport> transports)
    {
        var usable = transports.Aggregate(IpVersions.None, (versions, transport) => versions | tools.Reach.VersionsOf(transport));
        var hosts = servers.Select(server => new HostLookUp(server, dns.AskAsync(server.Host, DnsType.Aaaa), dns.AskAsync(server.Host, DnsType.A))).ToList();
        bool isWhole = await dns.AwaitAsync(
            hosts.SelectMany(host => host.Questions),
            () => hosts.Find(host => !host.HasNothing(usable))?.HasAddress(usable) == true ? tools.Options.GraceTime
                : hosts.Exists(host => host.HasAddress(usable)) ? tools.Options.EarlierServerTime
                : null).ConfigureAwait(false);
        var versions = hosts.SelectMany(host => host.Addresses(int.MaxValue)).Aggregate(IpVersions.None, (known, found) => known | found.Address.Version.AsSet);
        foreach (var transport in transports)
        {
            if (TargetsOf(hosts, transport) is { Count: > 0 } targets)
            {
                return new LocateResult { Domain = goal.Domain, Targets = targets, Versions = versions, IsPartial = !isWhole };
            }
        }
        var steps = hosts.SelectMany(host => host.Steps).ToList();
        return steps.FirstOrDefault(step => step.IsFailure) is { } failed ? goal.Fail(FailureOf(failed.Status), versions)
            : versions != IpVersions.None ? goal.Fail(LocateFailure.NoCommonVersion, versions)
            : steps.Count > 0 && steps.All(step => step.Status == DnsStatus.NameError && step.Name == goal.Domain) ? goal.Fail(LocateFailure.NoSuchDomain)
            : goal.Fail(LocateFailure.NoAddress);
    }

    private List<LocatedTarget> TargetsOf(List<HostLookUp> hosts, SipTransport transport)
    {
        var versions = tools.Reach.VersionsOf(transport);
        var targets = new List<LocatedTarget>();
        var seen = new HashSet<IPEndPoint>();
        foreach (var host in hosts)
        {
            var found = host.Addresses(tools.Options.MaxAddresses).Where(found => versions.Has(found.Address.Version)).DistinctBy(found => found.Address)
                .ToDictionary(found => found.Address, found => found.TimeToLive);
            foreach (var address in DestinationOrder.Of(found.Keys, remote => tools.Reach.SourceTowards(transport, remote)))
            {
                var endPoint = new IPEndPoint(address, host.Server.Port ?? transport.DefaultPort);
                if (targets.Count < tools.Options.MaxTargets && seen.Add(endPoint))
                {
                    targets.Add(new LocatedTarget(transport, endPoint, host.Server.Host, host.Server.Group, found[address]));
                }
            }
        }
        return targets;
    }

    private static LocateFailure FailureOf(DnsStatus status) => status switch
    {
        DnsStatus.TimedOut => LocateFailure.DnsTimedOut,
        DnsStatus.Unreachable or DnsStatus.Overloaded => LocateFailure.DnsUnavailable,
        _ => LocateFailure.DnsFailed,
    };
}
