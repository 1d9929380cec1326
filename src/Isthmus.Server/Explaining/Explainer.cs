// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Judging;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Explaining;

/// <summary>Goes the way of a call without sending anything: where it leads, who decides that, and what the judge says.</summary>
/// <param name="domains">Which names and addresses are ours.</param>
/// <param name="directory">Where the servers of other domains are.</param>
/// <param name="health">How they have been.</param>
/// <param name="versions">The versions that the server listens on.</param>
/// <param name="users">Where our users are; null when only a configuration is there.</param>
internal sealed class Explainer(Domains domains, ServerDirectory directory, TargetHealth health, Func<IpVersions> versions, KnownUsers? users)
{
    /// <summary>Explains a call.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Explanation> ExplainAsync(ExplainQuestion question, CancellationToken cancellation)
    {
        if (!SipUri.TryParse(question.Uri, out SipUri? uri))
        {
            return Nowhere(question, "416 Unsupported URI Scheme");
        }

        bool isCallerRead = SipUri.TryParse(question.From ?? "", out SipUri? from);
        ImmutableArray<Device> devices = users is null ? default : isCallerRead ? users.Location.Find(from!) : [];
        var call = new ThoughtCall(question, isCallerRead && !domains.IsOurs(from!), devices, versions());
        return uri.Maddr is null && domains.IsOurs(uri) ? await OfUserAsync(call, uri, cancellation).ConfigureAwait(false)
            : NextHop.Of(uri) is { } hop ? OfAddress(call, uri, hop)
            : await OfDomainAsync(call, uri, cancellation).ConfigureAwait(false);
    }

    private static Explanation Nowhere(ExplainQuestion question, string answer) =>
        new() { Uri = question.Uri, Caller = question.From ?? "somebody", Way = "none", Relay = "not asked", Answer = answer };

    private async ValueTask<Explanation> OfUserAsync(ThoughtCall call, SipUri uri, CancellationToken cancellation)
    {
        Explanation start = call.Begin("location", "allowed: anybody may call our users");
        if (domains.AorOf(uri) is not { } aor)
        {
            return start with { Answer = "404 No User In Request-URI" };
        }

        if (users is null)
        {
            return start with { Answer = "depends on who is registered, which only a running server knows" };
        }

        ImmutableArray<Device> registered = users.Location.Find(uri);
        if (registered.IsEmpty)
        {
            return start with { Answer = users.Location.Knows(aor) ? "480 Temporarily Unavailable: not registered now" : "404 Not Found: never registered" };
        }

        Device[] devices = [.. registered.Where(device => !device.IsAway)];
        var explanation = start with
        {
            Bindings = [.. registered.SelectMany(device => device.Bindings).Select(binding => BindingShow.Of(binding, users.Time))],
            Calls = devices.Length == 0 ? [] : call.Judge(domains.MethodFor(uri), offer => [.. devices.Select(device => users.FactsOf(device, offer)).OfType<DualStack.DeviceFacts>()], route =>
            {
                Device device = devices.First(device => device.Id == route.DeviceId);
                return [$"{device.Bindings[route.BindingIndex].Uri} ({route.Version.DisplayName})"];
            }),
        };
        foreach (Device away in registered.Where(device => device.IsAway))
        {
            explanation = Beside(explanation, await OfDomainAsync(call, away.Bindings[0].Uri, cancellation).ConfigureAwait(false), away.Id);
        }

        return explanation;
    }

    // What an address in another domain adds, which the user has registered beside his devices (docs/decisions/0048).
    private static Explanation Beside(Explanation user, Explanation away, string contact) => user with
    {
        LookUps = [.. user.LookUps, .. away.LookUps],
        Targets = [.. user.Targets, .. away.Targets],
        Calls = [.. user.Calls, .. away.Calls.Select(judged => judged with { Order = [.. judged.Order.Select(server => $"{contact} at {server}")] })],
        Answer = away.Answer is { } answer ? $"{contact} cannot be reached: {answer}" : user.Answer,
    };

    private Explanation OfAddress(ThoughtCall call, SipUri uri, Target hop)
    {
        Explanation start = call.Begin("address", call.RelayOf(directory.Peers));
        return domains.IsOwnHop(uri)
            ? start with { Answer = "404 Not Found: it would come straight back" }
            : start with
            {
                Targets = [Show(new LocatedTarget(hop.Transport, hop.EndPoint, null, 0, TimeSpan.MaxValue))],
                Calls = call.Judge(
                    domains.MethodFor(uri),
                    _ => [DualStack.DeviceFacts.ForServers(uri.HostPort.ToString(), [hop.EndPoint.Address.Version])],
                    _ => [$"{hop.EndPoint} by {hop.Transport.UriToken}"]),
            };
    }

    private async ValueTask<Explanation> OfDomainAsync(ThoughtCall call, SipUri uri, CancellationToken cancellation)
    {
        var trail = new List<DnsStep>();
        ServerFinding finding = await directory.FindAsync(uri, uri.IsSecure, trail, cancellation).ConfigureAwait(false);
        Explanation start = call.Begin(finding.Peer is { Targets.Count: > 0 } ? "peer" : "dns", call.RelayOf(directory.Peers)) with
        {
            Peer = finding.Peer is { } peer
                ? new ExplainedPeer(
                    peer.Name,
                    [.. peer.Options.Targets.Select(target => target.ToString())],
                    peer.Options.IpVersions.Single?.DisplayName ?? "both",
                    peer.Judge.ToString().ToLowerInvariant(),
                    peer.Options.IsTrusted)
                : null,
            LookUps = [.. trail.Select(LookUpText.Of)],
            Targets = [.. (finding.Servers?.Targets ?? []).Select(Show)],
        };
        return finding.Servers is not { } servers
            ? start with { Answer = $"{finding.Failure!.Value.StatusCode} {finding.Failure.Value.Reason}" }
            : start with
            {
                Calls = call.Judge(
                    servers.Judge,
                    _ => [DualStack.DeviceFacts.ForServers(servers.Domain, servers.Targets.Select(target => target.Version))],
                    route => health.Order(servers.Chosen(servers.Judge, route.Version).Targets).Select(target => $"{target.EndPoint} by {target.Transport.UriToken}")),
            };
    }

    private ExplainedTarget Show(LocatedTarget target) => new(
        target.EndPoint.ToString(),
        target.Version.DisplayName,
        target.Transport.UriToken,
        target.HostName,
        target.Group,
        health.StateOf(target.Transport, target.EndPoint).ToString().ToLowerInvariant(),
        target.TimeToLive == TimeSpan.MaxValue ? null : Math.Round(target.TimeToLive.TotalSeconds, 1));
}

/// <summary>The users of a server.</summary>
/// <param name="Location">Where they are.</param>
/// <param name="FactsOf">What the judge is told of one of their devices, beside an offer; null where it cannot be reached.</param>
/// <param name="Time">The clock.</param>
internal sealed record KnownUsers(ILocationService Location, Func<Device, DualStack.Offer, DualStack.DeviceFacts?> FactsOf, TimeProvider Time);
