// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.DualStack;
using Isthmus.Server.Diagnostics;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Judging;

/// <summary>
/// Asks the judge about an INVITE that opens a call, to one of our users or to the server of others, and does what it says: targets, 380 or
/// 488. Everything else passes: it is carried.
/// </summary>
internal sealed class JudgingStep(Domains domains, ProxyTargets targets, CalleeFacts callees, CallerIdentity callers, RedirectMemory redirects, IVerdictObserver observer) : IRequestStep
{
    public string Name => "judge";

    public StepResult Handle(RequestContext context)
    {
        if (context.Request.Method != SipMethod.Invite || context.IsInDialog || !context.TryGetUri(out SipUriView uri))
        {
            return StepResult.Continue;
        }

        var offer = Offer.Glance(context.Request);
        List<DeviceFacts> facts = context.Facts;
        foreach (Device device in context.Devices)
        {
            if (callees.Of(device, offer) is { } known)
            {
                facts.Add(known);
            }
        }

        ServerList? servers = null;
        if (context.Devices.IsEmpty && context.Targets is [var away])
        {
            // The servers of another domain are one target.
            servers = away.Servers;
            facts.Add(DeviceFacts.ForServers(HostPortOf(context), servers is null ? [away.Version] : servers.Targets.Select(server => server.Version)));
        }

        if (facts.Count == 0)
        {
            return StepResult.Continue; // the next step says so
        }

        JudgeMethod method = servers?.Judge ?? domains.MethodFor(uri);
        Verdict verdict = Judge.Decide(method, context.Arrival, offer, callers.Of(context, offer), CollectionsMarshal.AsSpan(facts));
        (context.Offer, context.Verdict) = (offer, verdict);
        Report(context, method, offer, verdict);
        if (verdict.Kind == VerdictKind.Forward)
        {
            Choose(context, verdict.Routes, method);
            return StepResult.Continue;
        }

        if (verdict.Kind == VerdictKind.Redirect)
        {
            redirects.Add(context.Request.CallId, verdict.Version!.Value);
        }

        // No Contact, a Warning and a body that says which version: the wire form is the judge's.
        int status = verdict.Kind == VerdictKind.Redirect ? Redirection.RedirectStatus : Redirection.RefuseStatus;
        return context.Answer(Redirection.Describe(context.Respond(status), verdict.Version!.Value, context.Flow.SentBy.ToString()));
    }

    private static string HostPortOf(RequestContext context) => context.Request.RequestSipUri!.HostPort.ToString();

    private void Choose(RequestContext context, in ForwardRoutes routes, JudgeMethod method)
    {
        if (context.Devices.IsEmpty)
        {
            if (context.Targets is [{ Servers: { } servers }] && targets.TryServers(servers.Chosen(method, routes[0].Version), out ProxyTarget server))
            {
                context.Targets[0] = server;
            }

            return;
        }

        int at = 0;
        foreach (Device device in context.Devices)
        {
            if (at < routes.Count && routes[at].DeviceId == device.Id && targets.TryReach(device, routes[at++].BindingIndex, out ProxyTarget target))
            {
                context.Targets.Add(target with { KeepsVersion = method.KeepsVersion });
            }
        }
    }

    private void Report(RequestContext context, JudgeMethod method, Offer offer, in Verdict verdict)
    {
        if (!observer.IsListening)
        {
            return;
        }

        observer.Judged(new VerdictReport(
            CallId: context.Request.CallId,
            Arrival: context.Arrival,
            Transport: context.Flow.Transport,
            Offer: offer.Versions,
            Target: context.Devices is [var device, ..] ? device.Aor : HostPortOf(context),
            Verdict: verdict.Kind switch { VerdictKind.Forward => "forward", VerdictKind.Redirect => "redirect", _ => "refuse" },
            Version: verdict.Version,
            Reason: verdict.Reason.ToString(),
            Method: method));
    }
}
