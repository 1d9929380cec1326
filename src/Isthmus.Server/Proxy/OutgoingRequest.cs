// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Makes the copy of a request that goes to one target (RFC 3261 §16.6, items 1 to 6 and 9): a splice into the received bytes. What is not
/// named here leaves as it came, the body always. The Via is the stack's.
/// </summary>
internal static class OutgoingRequest
{
    private const int DefaultMaxForwards = 70;

    /// <summary>The edit that makes the copy for a target: hop count, breadth, Routes and Request-URI. Record-Routes are the caller's to add.</summary>
    /// <param name="context">The received request.</param>
    /// <param name="target">Where the copy goes.</param>
    /// <param name="breadth">Its Max-Breadth (RFC 5393 §5.3.3), at least 1.</param>
    public static MessageEdit Compose(RequestContext context, in ProxyTarget target, int breadth)
    {
        MessageEdit edit = context.Edit.Begin(context.Request)
            .Replace(HeaderName.MaxForwards, context.Request.MaxForwards is { } left ? left - 1 : DefaultMaxForwards)
            .Replace(HeaderName.MaxBreadth, breadth);
        if (target.NextHop.Transport.IsReliable && !context.Request.Has(HeaderName.ContentLength))
        {
            edit.Replace(HeaderName.ContentLength, context.Request.Body.Length); // a datagram needs none, a stream does
        }

        if (LeadsToStrictRouter(context, target))
        {
            RouteStrictly(context, target, edit);
        }
        else
        {
            Route(context, target, edit);
        }

        return edit;
    }

    // RFC 3261 §16.6 items 2 and 6.
    private static void Route(RequestContext context, in ProxyTarget target, MessageEdit edit)
    {
        for (int i = 0; i < context.PoppedRoutes; i++)
        {
            edit.RemoveFirstValue(HeaderName.Route);
        }

        for (int i = target.Path.Count - 1; i >= 0; i--)
        {
            edit.Prepend(HeaderName.Route, target.Path[i].ToString());
        }

        if (target.Binding is { } binding)
        {
            edit.RequestUri(binding.RequestUri.Span);
        }
    }

    private static bool LeadsToStrictRouter(RequestContext context, in ProxyTarget target) =>
        target.Path is [var first, ..] ? first.SipUri is { IsLoose: false }
        : context.HasRoutesLeft && context.TryGetNextRoute(out SipUriView next) && !next.IsLoose;

    // A strict router finds its own URI in the Request-URI and the target behind the last Route.
    private static void RouteStrictly(RequestContext context, in ProxyTarget target, MessageEdit edit)
    {
        List<NameAddr> routes = [.. target.Path, .. context.Request.Routes.Skip(context.PoppedRoutes)];
        AnyUri next = routes[0].Uri;
        routes.RemoveAt(0);
        routes.Add(new NameAddr(target.Binding?.Uri ?? context.Request.RequestUri));
        edit.Remove(HeaderName.Route);
        for (int i = routes.Count - 1; i >= 0; i--)
        {
            edit.Prepend(HeaderName.Route, routes[i].ToString());
        }

        edit.RequestUri(ForRequestLine(next));
    }

    // RFC 3261 §19.1.1: a Request-URI carries neither headers nor the method parameter.
    private static AnyUri ForRequestLine(AnyUri uri) => uri is SipUri sip ? sip.WithoutParameter("method").WithoutHeaders() : uri;
}
