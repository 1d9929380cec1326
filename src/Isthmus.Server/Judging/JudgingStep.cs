// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Judging;

/// <summary>
/// Asks the judge about an INVITE that opens a call, to one of our users or to the server of others, and does what it says: targets, 380 or
/// 488. Everything else passes: it is carried.
/// </summary>
internal sealed class JudgingStep(Domains domains, ProxyTargets targets, CallerIdentity callers, DeviceLearning learning, RedirectMemory redirects, IVerdictObserver observer) : IRequestStep
{
    public string Name => "judge";

    public StepResult Handle(RequestContext context)
    {
        if (context.SipUri is not { } uri || !Judge.Applies(context.Request))
        {
            return StepResult.Continue;
        }

        Dictionary<string, IReadOnlyList<ProxyTarget>> ways = [];
        var facts = new List<DeviceFacts>(context.Devices.Length);
        foreach (Device device in context.Devices)
        {
            if (targets.Of(context.Aor, device) is { Count: > 0 } reachable && ways.TryAdd(device.Id, reachable))
            {
                facts.Add(FactsOf(context.Aor!, device, reachable));
            }
        }

        if (context.Devices.IsEmpty && context.Targets.Count > 0)
        {
            // The servers of another domain are one target.
            string domain = uri.HostPort.ToString();
            ways[domain] = [.. context.Targets];
            facts.Add(DeviceFacts.ForServers(domain, context.Targets.Select(target => target.Version)));
            context.Targets.Clear();
        }

        if (facts.Count == 0)
        {
            return StepResult.Continue; // the next step says so
        }

        JudgeMethod method = domains.MethodFor(uri);
        Offer offer = Offer.From(context.Request);
        context.Offer = offer;
        Verdict verdict = Judge.Decide(method, context.Arrival, offer, callers.Of(context, offer), facts);
        context.Verdict = verdict;
        Report(context, method, offer, verdict);
        switch (verdict)
        {
            case Verdict.Forward forward:
                context.Targets.AddRange(forward.Routes.Select(route => TargetOf(route, ways[route.DeviceId], method)));
                return StepResult.Continue;
            case Verdict.Redirect redirect:
                redirects.Add(context.Request.CallId, redirect.Version);
                break;
        }

        // No Contact, a Warning and a body that says which version: the wire form is the judge's.
        return context.Answer(Redirection.Answer(context.Request, verdict, context.Flow.SentBy.ToString(), Identifiers.NewTag()));
    }

    // Where the judge compares the version of the way itself, another way must be of that version; else any will do for the same device.
    private static ProxyTarget TargetOf(ForwardRoute route, IReadOnlyList<ProxyTarget> ways, JudgeMethod method)
    {
        ProxyTarget chosen = ways[route.BindingIndex];
        bool anyVersion = method is JudgeMethod.Auto or JudgeMethod.Carry;
        return chosen with { Others = [.. ways.Where(way => way != chosen && (anyVersion || VersionOf(way) == route.Version))] };
    }

    private static IpVersion VersionOf(ProxyTarget target) => target.Binding?.Version ?? target.Version;

    private DeviceFacts FactsOf(string aor, Device device, IReadOnlyList<ProxyTarget> reachable) => new()
    {
        Id = device.Id,
        Bindings = [.. reachable.Select((target, index) => new BindingFacts(VersionOf(target), index, target.Q))],
        Judges = device.Judges,
        Can = device.Can,
        Cannot = device.Cannot,
        DoesIce = learning.DoesIce(aor, device.Id),
    };

    private void Report(RequestContext context, JudgeMethod method, Offer offer, Verdict verdict)
    {
        (string name, IpVersion? version) = verdict switch
        {
            Verdict.Redirect redirect => ("redirect", redirect.Version),
            Verdict.Refuse refuse => ("refuse", refuse.Version),
            Verdict.Forward forward => ("forward", forward.Routes.Aggregate(IpVersions.None, (all, route) => all | route.Version.AsSet).Single),
            _ => ("", default(IpVersion?)),
        };
        observer.Judged(new VerdictReport(
            CallId: context.Request.CallId,
            Arrival: context.Arrival,
            Transport: context.Flow.Transport,
            Offer: offer.Versions,
            Target: context.Aor ?? context.SipUri!.HostPort.ToString(),
            Verdict: name,
            Version: version,
            Reason: verdict.Reason.ToString(),
            Method: method));
    }
}
