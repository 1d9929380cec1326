// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.DualStack;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;

namespace Isthmus.Server.Explaining;

/// <summary>A call that is only thought of: who makes it, by which versions it may come, with which offers.</summary>
/// <param name="question">What was asked.</param>
/// <param name="isForeign">Whether the caller is of another domain.</param>
/// <param name="caller">The caller's devices, if he is registered here; default where nobody knows who is.</param>
/// <param name="listening">The versions that the server listens on.</param>
internal sealed class ThoughtCall(ExplainQuestion question, bool isForeign, ImmutableArray<Device> caller, IpVersions listening)
{
    private readonly ImmutableArray<Device> _caller = caller.IsDefault ? [] : caller;
    private readonly IpVersions _known = (caller.IsDefault ? [] : caller).Aggregate(IpVersions.None, (versions, device) => versions | device.Versions | device.Can);
    private readonly bool _follows = !caller.IsDefault && caller.Any(device => device.Judges);

    private IEnumerable<IpVersion> Arrivals =>
        from version in new[] { IpVersion.V6, IpVersion.V4 }
        where listening.Has(version) && (_caller.IsEmpty || _caller.Any(device => device.Versions.Has(version)))
        select version;

    private string Caller => (question.From, _caller) switch
    {
        (null, _) => "nothing is known of the caller: add --from",
        ({ } uri, []) when isForeign => $"{uri}: of another domain",
        ({ } uri, []) => caller.IsDefault ? $"{uri}: whether it is registered only a running server knows" : $"{uri}: not registered here",
        ({ } uri, _) => $"{uri}: registered, has {Shown(_known)}{(_follows ? ", follows redirects" : "")}",
    };

    /// <summary>The beginning of the explanation.</summary>
    public Explanation Begin(string way, string relay) => new() { Uri = question.Uri, Caller = Caller, Way = way, Relay = relay };

    /// <summary>Whether this caller may send to others through the server.</summary>
    public string RelayOf(PeerTable peers)
    {
        string trusted = string.Join(", ", peers.All.Where(peer => peer.Options.IsTrusted).Select(peer => peer.Name));
        return !_caller.IsEmpty ? "allowed: the caller is registered here (from where he registered)"
            : $"only for our registered users{(trusted.Length > 0 ? $" and for the trusted peers {trusted}" : "")}; else 403 Relaying Denied";
    }

    /// <summary>What the judge says, for each version that the call may come by.</summary>
    /// <param name="method">The judge's method.</param>
    /// <param name="callees">What is known of those who are called, for an offer.</param>
    /// <param name="order">Where a route leads, in order.</param>
    public IReadOnlyList<ExplainedCall> Judge(JudgeMethod method, Func<Offer, DeviceFacts[]> callees, Func<ForwardRoute, IEnumerable<string>> order)
    {
        var calls = new List<ExplainedCall>();
        foreach (IpVersion arrival in Arrivals)
        {
            IpVersions offered = question.Offer ?? arrival.AsSet;
            Offer offer = ThoughtOffer.Of(offered, arrival);
            DeviceFacts[] facts = callees(offer);
            string offerName = offered.Single?.DisplayName ?? "ICE";
            string methodName = method.ToString().ToLowerInvariant();
            if (facts.Length == 0)
            {
                calls.Add(new(arrival.DisplayName, offerName, methodName, "refuse", null, "NoWay", "480: no way leads to any of the callee's devices", []));
                continue;
            }

            Verdict verdict = DualStack.Judge.Decide(method, arrival, offer, CallerFacts.Of(_known, arrival, offer, _follows, isForeign: isForeign), facts);
            calls.Add(new ExplainedCall(
                arrival.DisplayName,
                offerName,
                methodName,
                verdict.Kind.ToString().ToLowerInvariant(),
                verdict.Version?.DisplayName,
                verdict.Reason.ToString(),
                ReasonText.Of(verdict),
                [.. verdict.Kind == VerdictKind.Forward ? verdict.Routes.SelectMany(order) : []]));
        }

        return calls;
    }

    private static string Shown(IpVersions versions) => versions == IpVersions.Both ? "IPv4 and IPv6" : versions.Single?.DisplayName ?? "no version";
}
