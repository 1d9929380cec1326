// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Where a request for others goes: to the address that its Route or Request-URI has, or to the servers of the domain that it names, which the
/// peer table or DNS know (RFC 3261 §16.6 item 7, RFC 3263).
/// </summary>
internal sealed class LocatingStep(SipStack stack, Domains domains, ILocationService location, ServerDirectory directory, ProxyTargets targets, AwayServers away) : IRequestStep
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public string Name => "locating";

    public StepResult Handle(RequestContext context)
    {
        if (!context.Devices.IsEmpty)
        {
            return StepResult.Continue;
        }

        if (!context.TryGetNextRoute(out SipUriView next) && !context.TryGetUri(out next))
        {
            return context.Answer(416);
        }

        if (domains.IsOwnHop(next))
        {
            return context.Answer(404); // it would come straight back
        }

        if (NextHop.Of(stack, next) is { } hop)
        {
            context.Targets.Add(new ProxyTarget { NextHop = FlowOf(context, hop) });
            return StepResult.Continue;
        }

        if (context.IsStateless)
        {
            return StepResult.Continue; // it comes again as a transaction, which can wait and try one server after the other
        }

        bool isSecure = context.TryGetUri(out SipUriView requested) && requested.IsSecure;
        return SipUri.TryParse(Encoding.UTF8.GetString(next.Text), out SipUri? uri) ? Find(context, uri, isSecure) : context.Answer(416);
    }

    private StepResult Find(RequestContext context, SipUri uri, bool isSecure) =>
        away.Waiting.Await(context, uri.Host.ToString(), cancellation => directory.FindAsync(uri, isSecure, null, cancellation), Follow);

    private StepResult Follow(RequestContext context, ServerFinding finding)
    {
        if (finding.Servers is not { } found)
        {
            LocateFailure failure = finding.Failure!.Value;
            return failure.IsTemporary ? context.AnswerLater(failure.StatusCode, failure.Reason, RetryAfter) : context.Answer(failure.StatusCode, failure.Reason);
        }

        if (away.WithoutOurs(found) is not { } servers)
        {
            return context.Answer(404, "Domain Leads Back Here");
        }

        // A dialog goes on by the version that it has on the other side.
        if (!targets.TryServers(context.IsInDialog ? servers.Preferring(context.PreferredVersion) : servers, out ProxyTarget target))
        {
            return context.Answer(480, "No Way To The Domain");
        }

        context.Targets.Add(target);
        return StepResult.Continue;
    }

    // Within a dialog the peer's Contact may name the far end of a connection that it registered by.
    private Target FlowOf(RequestContext context, Target hop)
    {
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        if (!hop.Transport.IsReliable || !context.Request.ToView.TryGetSipUri(out SipUriView to) || !domains.TryWriteAor(to, aor, out int length))
        {
            return hop;
        }

        foreach (Device device in location.Find(aor[..length]))
        {
            foreach (Binding binding in device.Bindings)
            {
                if (binding.NextHop is { Flow: not null } way && way.Transport == hop.Transport && way.EndPoint.Equals(hop.EndPoint))
                {
                    return way;
                }
            }
        }

        return hop;
    }
}
