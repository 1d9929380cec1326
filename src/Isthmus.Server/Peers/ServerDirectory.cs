// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Peers;

/// <summary>Finds the servers of other domains: in the peer table, else by DNS (RFC 3263).</summary>
/// <param name="peers">The peer table.</param>
/// <param name="locator">Asks DNS.</param>
/// <param name="judge">The judge method for domains that nothing is agreed about.</param>
/// <param name="time">The clock.</param>
/// <param name="grace">How long a target of a peer that is not found yet is waited for, when another is. That of the locator.</param>
/// <param name="random">The chance among targets of one priority.</param>
internal sealed class ServerDirectory(PeerTable peers, SipLocator locator, JudgeMethod judge, TimeProvider time, TimeSpan grace, Random random)
{
    private const int DefaultPort = 5060;
    private const int MostKnown = 1000;

    private readonly KnownDomains _known = new(time, TimeSpan.FromDays(1), MostKnown);

    /// <summary>The directory of a server.</summary>
    public static ServerDirectory Of(ILocalReach reach, ServerOptions options, IDnsClient dns, TimeProvider time) =>
        new(new PeerTable(options), new SipLocator(options.Locating, dns, reach, time), options.Judge, time, options.Locating.GraceTime, Random.Shared);

    /// <summary>The peer table.</summary>
    public PeerTable Peers => peers;

    /// <summary>How calls to domains are judged that nothing is agreed about.</summary>
    public JudgeMethod Judge => judge;

    /// <summary>The domains that DNS was asked about lately, and what came of it; the one wanted last first.</summary>
    public IReadOnlyList<KnownDomain> Known => _known.All;

    /// <summary>Finds the servers of a URI. Complete at once when nothing has to be asked for.</summary>
    /// <param name="uri">The Route or Request-URI that a request follows.</param>
    /// <param name="isSecure">Whether it is followed as a sips URI.</param>
    /// <param name="trail">Takes what DNS said.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OperationCanceledException">The search was ended.</exception>
    public async ValueTask<ServerFinding> FindAsync(SipUri uri, bool isSecure = false, ICollection<DnsStep>? trail = null, CancellationToken cancellation = default)
    {
        Peer? peer = PeerOf(uri);
        LocateResult located = peer is { Targets.Count: > 0 }
            ? await OfPeerAsync(peer, isSecure, trail, cancellation).ConfigureAwait(false)
            : await locator.LocateAsync(InTransportOf(peer, uri), isSecure, trail, cancellation).ConfigureAwait(false);
        ServerFinding finding = Finding(peer, located);
        if (peer is null or { Targets.Count: 0 } && uri.Host.IsName)
        {
            _known.Add(located.Domain, finding);
        }

        return finding;
    }

    /// <summary>The addresses of a peer's servers as they are known now, or can be learnt; empty where DNS does not say.</summary>
    public async ValueTask<LocateResult?> LocateAsync(Peer peer, CancellationToken cancellation) =>
        peer.Targets.Count > 0 ? await OfPeerAsync(peer, isSecure: false, null, cancellation).ConfigureAwait(false)
        : peer.Located is { } uri ? await locator.LocateAsync(uri, cancellationToken: cancellation).ConfigureAwait(false)
        : null;

    // A maddr or another port names one certain server, whatever is agreed about its domain.
    private Peer? PeerOf(SipUri uri) => peers.All.Count > 0 && uri is { Host.IsName: true, Maddr: null, Port: null or DefaultPort } ? peers.Find(uri.Host.ToString()) : null;

    private static SipUri InTransportOf(Peer? peer, SipUri uri) =>
        peer?.Options.Transport is { } transport && !uri.HasParameter("transport") ? uri.WithParameter("transport", transport.UriToken) : uri;

    private ServerFinding Finding(Peer? peer, LocateResult located)
    {
        IpVersions allowed = peer?.Options.IpVersions ?? IpVersions.Both;
        IpVersions versions = located.Versions & allowed;
        IReadOnlyList<LocatedTarget> targets = allowed == IpVersions.Both ? located.Targets : [.. located.Targets.Where(target => allowed.Has(target.Version))];
        if (targets.Count == 0)
        {
            return new(null, located.Failure ?? LocateFailure.NoCommonVersion, peer, versions);
        }

        var servers = new ServerList
        {
            Domain = located.Domain,
            Targets = targets,
            Versions = versions,
            Peer = peer?.Name,
            Judge = peer?.Judge ?? judge,
        };
        return new(servers, null, peer, versions);
    }

    private async ValueTask<LocateResult> OfPeerAsync(Peer peer, bool isSecure, ICollection<DnsStep>? trail, CancellationToken cancellation)
    {
        List<PeerUri> order = WeightedOrder.Of(peer.Targets, random);
        List<DnsStep>?[] trails = [.. order.Select(_ => trail is null ? null : new List<DnsStep>())];
        List<Task<LocateResult>> searches = [.. order.Select((target, at) => locator.LocateAsync(target.Uri, isSecure, trails[at], cancellation).AsTask())];
        await FoundAsync(searches, cancellation).ConfigureAwait(false);
        for (int i = 0; i < searches.Count && trail is not null; i++)
        {
            if (searches[i].IsCompleted)
            {
                trails[i]!.ForEach(trail.Add);
            }
        }

        return Together(peer, order, searches);
    }

    // Once one target is found, the others have a little time yet: a name server that is silent must not hold up the rest.
    private async Task FoundAsync(List<Task<LocateResult>> searches, CancellationToken cancellation)
    {
        List<Task<LocateResult>> pending = [.. searches.Where(search => !search.IsCompleted)];
        bool isFound = pending.Count < searches.Count && searches.Exists(search => search is { IsCompletedSuccessfully: true, Result.Targets.Count: > 0 });
        while (!isFound && pending.Count > 0)
        {
            Task<LocateResult> done = await Task.WhenAny(pending).ConfigureAwait(false);
            isFound = (await done.ConfigureAwait(false)).Targets.Count > 0;
            pending.Remove(done);
        }

        if (pending.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(pending), Task.Delay(grace, time, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static LocateResult Together(Peer peer, List<PeerUri> order, List<Task<LocateResult>> searches)
    {
        var targets = new List<LocatedTarget>();
        var versions = IpVersions.None;
        LocateFailure? failure = null;
        int group = 0;
        int groups = 0;
        for (int i = 0; i < order.Count; i++)
        {
            // Those of one priority are in one group, and so are the like-ranked servers that DNS names for them.
            group = i > 0 && order[i].Priority != order[i - 1].Priority ? groups : group;
            if (!searches[i].IsCompletedSuccessfully)
            {
                failure ??= LocateFailure.DnsTimedOut;
                continue;
            }

            LocateResult located = searches[i].Result;
            versions |= located.Versions;
            failure ??= located.Failure;
            foreach (LocatedTarget target in located.Targets)
            {
                groups = Math.Max(groups, group + target.Group + 1);
                if (!targets.Exists(known => known.Transport == target.Transport && known.EndPoint.Equals(target.EndPoint)))
                {
                    targets.Add(target with { Group = group + target.Group });
                }
            }
        }

        return new LocateResult { Domain = peer.Name, Targets = [.. targets.OrderBy(target => target.Group)], Failure = targets.Count > 0 ? null : failure, Versions = versions };
    }
}
