// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Peers;

/// <summary>What <c>isthmus show peers</c> shows: the peer table with the addresses of its targets, what DNS told of other domains, and how each server is.</summary>
internal sealed class PeerReport(ServerDirectory directory, TargetHealth health)
{
    private const string FromTable = "peer";
    private const string FromDns = "dns";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Makes it. Where the table has names, DNS is asked; what it does not say in time is shown as a problem.</summary>
    public async ValueTask<IReadOnlyList<PeerView>> MakeAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        LocateResult?[] found = await Task.WhenAll(directory.Peers.All.Select(peer => LocateAsync(peer, patience.Token))).ConfigureAwait(false);
        Dictionary<(SipTransport, System.Net.IPEndPoint), TargetReport> reports = health.Report().ToDictionary(report => (report.Transport, report.EndPoint));
        var views = new List<PeerView>();
        foreach ((Peer peer, LocateResult? located) in directory.Peers.All.Zip(found))
        {
            IEnumerable<LocatedTarget> targets = (located?.Targets ?? []).Where(target => peer.Options.IpVersions.Has(target.Version));
            views.AddRange(Show(peer.Name, FromTable, targets, located?.Failure, peer.Judge, peer.Options.IsTrusted, reports));
        }

        foreach (KnownDomain known in directory.Known)
        {
            ServerFinding finding = known.Finding;
            views.AddRange(Show(known.Domain, FromDns, finding.Servers?.Targets ?? [], finding.Failure, finding.Servers?.Judge ?? directory.Judge, isTrusted: false, reports));
        }

        return views;
    }

    /// <summary>Why a server is, or was, bad.</summary>
    public static string TextOf(TargetFault fault, TimeSpan? retryAfter) =>
        retryAfter is { } time ? string.Create(CultureInfo.InvariantCulture, $"{fault.Text}, asked for {time.TotalSeconds:0} s") : fault.Text;

    private async Task<LocateResult?> LocateAsync(Peer peer, CancellationToken patience)
    {
        try
        {
            return await directory.LocateAsync(peer, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new LocateResult { Domain = peer.Name, Failure = LocateFailure.DnsTimedOut };
        }
    }

    private static IEnumerable<PeerView> Show(
        string domain,
        string source,
        IEnumerable<LocatedTarget> targets,
        LocateFailure? failure,
        JudgeMethod judge,
        bool isTrusted,
        Dictionary<(SipTransport, System.Net.IPEndPoint), TargetReport> reports)
    {
        string method = judge.ToString().ToLowerInvariant();
        bool isEmpty = true;
        foreach (LocatedTarget target in targets)
        {
            isEmpty = false;
            TargetReport? report = reports.GetValueOrDefault((target.Transport, target.EndPoint));
            yield return new PeerView(
                domain,
                source,
                target.HostName,
                target.EndPoint.ToString(),
                target.Version.DisplayName,
                target.Transport.UriToken,
                target.Group,
                (report?.State ?? TargetState.Unknown).ToString().ToLowerInvariant(),
                report?.BadFor > TimeSpan.Zero ? Math.Round(report.BadFor.TotalSeconds, 1) : null,
                report?.RoundTrip is { } roundTrip ? Math.Round(roundTrip.TotalMilliseconds, 1) : null,
                report?.SinceFailure is { } since ? Math.Round(since.TotalSeconds, 1) : null,
                null,
                method,
                isTrusted,
                report?.Fault is { } fault ? TextOf(fault, report.RetryAfter) : null);
        }

        if (isEmpty)
        {
            yield return new PeerView(domain, source, null, null, null, null, null, "unknown", null, null, null, failure?.Reason, method, isTrusted);
        }
    }
}
