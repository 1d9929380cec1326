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
        if (context.Routes == 0 || !context.TryGetUri(out SipUriView uri) || uri.HasUser || !uri.IsLoose || !IsOwn(context, uri))
        {
            return;
        }

        IReadOnlyList<NameAddr> routes = context.Request.Routes;
        MessageEdit edit = context.Edit.Begin(context.Request).RequestUri(routes[^1].Uri).Remove(HeaderName.Route);
        for (int i = routes.Count - 2; i >= 0; i--)
        {
            edit.Prepend(HeaderName.Route, routes[i].ToString());
        }

        context.Rewrite(edit.BuildRequest());
    }

    private void ResolveMaddr(RequestContext context)
    {
        if (!context.TryGetUri(out SipUriView view) || view.Maddr.IsEmpty || context.Request.RequestSipUri is not { Maddr: { } maddr } uri
            || !Host.TryParse(maddr, out Host host) || !domains.IsOwnHop(SipUri.Create(null, new HostPort(host, uri.Port), uri.Transport)))
        {
            return;
        }

        SipTransport transport = uri.Transport ?? SipTransport.Udp;
        if (context.Flow.Transport == transport && context.Flow.Local.Port == (uri.Port ?? transport.DefaultPort))
        {
            SipUri resolved = uri.WithoutParameter("maddr").WithoutParameter("transport").WithHostPort(new HostPort(uri.Host, null));
            context.Rewrite(context.Edit.Begin(context.Request).RequestUri(resolved).BuildRequest());
        }
    }

    // RFC 3261 §16.4 pops one; a pair of ours (RFC 5658 §5) or a preloaded Route on top of it are several in a row.
    private void PopOwnRoutes(RequestContext context)
    {
        foreach (ReadOnlySpan<byte> value in context.Request.ValuesOf(HeaderName.Route))
        {
            if (context.TryKnowRoute(value, out OwnRoute own))
            {
                context.HasRouteToken = true;
                Pop(context, own.IsOfPair ? own.Version : null);
                continue;
            }

            if (!AddressView.TryRead(value, out AddressView address) || !address.TryGetSipUri(out SipUriView route) || !IsOwn(context, route))
            {
                return;
            }

            Pop(context, route.Has(RouteMarks.PairParameter) ? VersionOf(route.Host) : null);
        }
    }

    // The last of a pair names the side that the request leaves to.
    private static void Pop(RequestContext context, IpVersion? side)
    {
        context.PoppedRoutes++;
        context.PreferredVersion = side ?? context.PreferredVersion;
    }

    // As we wrote it: an address, unless a name is advertised.
    private static IpVersion? VersionOf(ReadOnlySpan<byte> host) => host[0] == '[' ? IpVersion.V6 : Domains.IsName(host) ? null : IpVersion.V4;

    private bool IsOwn(RequestContext context, in SipUriView uri)
    {
        if (marks.IsOurs(uri, context.Request.CallIdBytes))
        {
            context.HasRouteToken = true;
            return true;
        }

        return domains.IsOwnHop(uri);
    }
}
