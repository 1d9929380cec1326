// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Judging;

/// <summary>
/// Asks the judge about an INVITE that opens a call, to one of our users or to the server of others, and does what it says: targets, 380 or
/// 488. Everything else passes: it is carried. A Contact in another domain is judged when its servers are known (<see cref="AwaySearch"/>).
/// </summary>
internal sealed class JudgingStep(Domains domains, ProxyTargets targets, CalleeFacts callees, CallJudge judge) : IRequestStep
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
        bool isAnyAway = false;
        foreach (Device device in context.Devices)
        {
            isAnyAway |= device.IsAway;
            if (!device.IsAway && callees.Of(device, offer) is { } known)
            {
                facts.Add(known);
            }
        }

        ServerList? servers = null;
        if (context.Devices.IsEmpty && context.Targets is [var away])
        {
            // The servers of another domain are one target.
            servers = away.Servers;
            facts.Add(DeviceFacts.ForServers(CallJudge.HostPortOf(context), servers is null ? [away.Version] : servers.Targets.Select(server => server.Version)));
        }

        if (facts.Count == 0)
        {
            context.Offer = isAnyAway ? offer : null;
            return StepResult.Continue; // the next step says so
        }

        JudgeMethod method = servers?.Judge ?? domains.MethodFor(uri);
        Verdict verdict = judge.Decide(context, method, offer, CollectionsMarshal.AsSpan(facts), context.Devices is [var first, ..] ? first.Aor : null);
        (context.Offer, context.Verdict) = (offer, verdict);
        if (verdict.Kind == VerdictKind.Forward)
        {
            Choose(context, verdict.Routes, method);
            return StepResult.Continue;
        }

        ResponseBuilder answer = judge.Describe(context, verdict);
        if (!isAnyAway)
        {
            return context.Answer(answer);
        }

        context.SayOtherwise(answer); // somebody elsewhere may be able to take the call
        return StepResult.Continue;
    }

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
            if (!device.IsAway && at < routes.Count && routes[at].DeviceId == device.Id && targets.TryReach(device, routes[at++].BindingIndex, out ProxyTarget target))
            {
                context.Targets.Add(target with { KeepsVersion = method.KeepsVersion });
            }
        }
    }
}
