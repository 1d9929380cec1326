// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Route preprocessing (RFC 3261 §16.4): what a strict router moved is put back, a maddr of ours is resolved, our own Routes go.</summary>
internal sealed class RouteStep(Domains domains, RouteMarks marks) : IRequestStep
{
    public string Name => "routes";

    public StepResult Handle(RequestContext context)
    {
        UndoStrictRouting(context);
        ResolveMaddr(context);
        PopOwnRoutes(context);
        return StepResult.Continue;
    }

    // The Request-URI is what we once Record-Routed: the sender is a strict router, and the target is the last Route.
    private void UndoStrictRouting(RequestContext context)
    {
        if (context.Routes.Count == 0 || context.SipUri is not { IsLoose: true, User: null } uri || !IsOwn(context, uri))
        {
            return;
        }

        context.Uri = context.Routes[^1].Uri;
        context.Routes = [.. context.Routes.Take(context.Routes.Count - 1)];
        context.WasStrictlyRouted = true;
    }

    private void ResolveMaddr(RequestContext context)
    {
        if (context.SipUri is not { Maddr: { } maddr } uri || !Host.TryParse(maddr, out Host host) || !domains.IsOwnHop(SipUri.Create(null, new HostPort(host, uri.Port), uri.Transport)))
        {
            return;
        }

        SipTransport transport = uri.Transport ?? SipTransport.Udp;
        if (context.Flow.Transport == transport && context.Flow.Local.Port == (uri.Port ?? transport.DefaultPort))
        {
            context.Uri = uri.WithoutParameter("maddr").WithoutParameter("transport").WithHostPort(new HostPort(uri.Host, null));
        }
    }

    // RFC 3261 §16.4 pops one; a pair of ours (RFC 5658 §5) or a preloaded Route on top of it are several in a row.
    private void PopOwnRoutes(RequestContext context)
    {
        int own = 0;
        while (own < context.Routes.Count && context.Routes[own].SipUri is { } route && IsOwn(context, route))
        {
            own++;
            if (route.HasParameter(RouteMarks.PairParameter) && route.Host.Version is { } version)
            {
                context.PreferredVersion = version; // the last of the pair names the side that the request leaves to
            }
        }

        context.PoppedRoutes = own;
        context.Routes = own == 0 ? context.Routes : [.. context.Routes.Skip(own)];
    }

    private bool IsOwn(RequestContext context, SipUri uri)
    {
        if (marks.IsOurs(uri, context.Request.CallId))
        {
            context.HasRouteToken = true;
            return true;
        }

        return domains.IsOwnHop(uri);
    }
}
