// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Requests for others: those that follow a route set of ours, and those of our own registered users, go on to the address that their
/// Route or Request-URI names. Nobody else is relayed.
/// </summary>
internal sealed class OnwardStep(SipStack stack, Domains domains, ILocationService location) : IRequestStep
{
    public string Name => "onward";

    public StepResult Handle(RequestContext context)
    {
        if (!context.Devices.IsEmpty)
        {
            return StepResult.Continue;
        }

        if (!IsEntitled(context))
        {
            return context.Answer(403, "Relaying Denied");
        }

        if (!context.TryGetNextRoute(out SipUriView next) && !context.TryGetUri(out next))
        {
            return context.Answer(416);
        }

        if (NextHop.Of(stack, next) is not { } hop)
        {
            string name = System.Text.Encoding.UTF8.GetString(next.Host);
            return context.IsInDialog ? context.Answer(480, $"Cannot Resolve {name}") : context.Answer(404, $"No Route To {name}");
        }

        if (domains.IsOwnHop(next))
        {
            return context.Answer(404); // it would come straight back
        }

        context.Targets.Add(new ProxyTarget { NextHop = FlowOf(context, hop) });
        return StepResult.Continue;
    }

    private bool IsEntitled(RequestContext context)
    {
        if (context.HasRouteToken && context.IsInDialog)
        {
            return true;
        }

        // From is only a claim: the device must also stand where it registered from.
        Span<byte> aor = stackalloc byte[Domains.LongestAor];
        if (!context.Request.FromView.TryGetSipUri(out SipUriView from) || !domains.TryWriteAor(from, aor, out int length)
            || location.DeviceOfCaller(aor[..length], context.Request, context.Flow) is not { } device)
        {
            return false;
        }

        foreach (Binding binding in device.Bindings)
        {
            if (binding.IsFrom(context.Flow.Remote.Address))
            {
                return true;
            }
        }

        return false;
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
