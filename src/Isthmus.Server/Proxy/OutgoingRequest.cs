// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Makes the copy of a request that goes to one target (RFC 3261 §16.6, items 1 to 6): a splice into the received bytes. What is not
/// named here leaves as it came, the body always. The Via is the stack's.
/// </summary>
internal static class OutgoingRequest
{
    private const int DefaultMaxForwards = 70;

    /// <summary>The copy for a target that is reached by a flow, with its share of the request's breadth.</summary>
    /// <param name="context">The received request.</param>
    /// <param name="target">Where the copy goes.</param>
    /// <param name="outgoing">The flow that it leaves by, for the Record-Routes; null: none is added.</param>
    /// <param name="breadth">Its Max-Breadth (RFC 5393 §5.3.3), at least 1.</param>
    /// <param name="token">The mark of our Record-Routes.</param>
    public static SipRequest Compose(RequestContext context, in ProxyTarget target, Flow? outgoing, int breadth, string token)
    {
        SipRequest request = context.Request;
        MessageEdit edit = MessageEdit.Of(request);

        int hops = request.MaxForwards is { } left ? left - 1 : DefaultMaxForwards;
        edit.Replace(HeaderName.MaxForwards, hops.ToString(CultureInfo.InvariantCulture));
        edit.Replace(HeaderName.MaxBreadth, breadth.ToString(CultureInfo.InvariantCulture));
        Route(context, target, edit);

        if (outgoing is not null && RecordRoutes.AreFor(request.Method))
        {
            foreach (NameAddr value in RecordRoutes.Between(context.Flow, outgoing, token))
            {
                edit.Prepend(HeaderName.RecordRoute, value.ToString());
            }
        }

        return edit.BuildRequest();
    }

    // RFC 3261 §16.6 items 2 and 6.
    private static void Route(RequestContext context, in ProxyTarget target, MessageEdit edit)
    {
        List<NameAddr> routes = [.. target.Path, .. context.Routes];
        AnyUri uri = target.RequestUri ?? context.Uri;
        bool isStrict = routes is [{ SipUri: { IsLoose: false } }, ..];
        if (isStrict)
        {
            // The next hop is a strict router: it finds its own URI in the Request-URI and the target behind the last Route.
            (AnyUri next, uri) = (uri, routes[0].Uri);
            routes.RemoveAt(0);
            routes.Add(new NameAddr(next));
        }

        if (isStrict || context.WasStrictlyRouted)
        {
            edit.Remove(HeaderName.Route);
            for (int i = routes.Count - 1; i >= 0; i--)
            {
                edit.Prepend(HeaderName.Route, routes[i].ToString());
            }
        }
        else
        {
            for (int i = 0; i < context.PoppedRoutes; i++)
            {
                edit.RemoveFirstValue(HeaderName.Route);
            }

            for (int i = target.Path.Count - 1; i >= 0; i--)
            {
                edit.Prepend(HeaderName.Route, target.Path[i].ToString());
            }
        }

        if (!ReferenceEquals(uri, context.Request.RequestUri))
        {
            edit.RequestUri(ForRequestLine(uri));
        }
    }

    // RFC 3261 §19.1.1: a Request-URI carries neither headers nor the method parameter.
    private static AnyUri ForRequestLine(AnyUri uri) => uri is SipUri sip ? sip.WithoutParameter("method").WithoutHeaders() : uri;
}
