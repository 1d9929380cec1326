// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The Record-Routes that the proxy adds (RFC 3261 §16.6 item 4): one when both sides reach the same socket of ours, else two (RFC 5658
/// §5), each naming the socket that its side can reach.
/// </summary>
internal static class RecordRoutes
{
    /// <summary>Whether requests of this method get a Record-Route: those that create a dialog or re-create a failed one.</summary>
    /// <remarks>NOTIFY establishes a dialog when it arrives before the 200 to its SUBSCRIBE (RFC 6665 §4.3).</remarks>
    public static bool AreFor(SipMethod method) => method.CreatesDialog || method == SipMethod.Notify;

    /// <summary>The values to put on top, in the order in which they are to be prepended: the side that the request came from, then the side it leaves to.</summary>
    public static IReadOnlyList<NameAddr> Between(Flow incoming, Flow outgoing, string token)
    {
        if (incoming.Transport == outgoing.Transport && incoming.SentBy == outgoing.SentBy)
        {
            return [Naming(outgoing, token, isPair: false)];
        }

        return [Naming(incoming, token, isPair: true), Naming(outgoing, token, isPair: true)];
    }

    private static NameAddr Naming(Flow flow, string token, bool isPair)
    {
        // UDP is what a numeric host without a transport stands for (RFC 3263 §4.1); transport=tls is forbidden here (RFC 5658 §6.2).
        bool isSecure = flow.Transport is SipTransport.Tls or SipTransport.Wss;
        SipTransport? transport = flow.Transport switch
        {
            SipTransport.Udp or SipTransport.Tls => null,
            SipTransport.Wss => SipTransport.Ws,
            SipTransport other => other,
        };
        SipUri uri = SipUri.Create(null, flow.SentBy, transport, isSecure).WithParameter("lr");
        uri = isPair ? uri.WithParameter(RouteMarks.PairParameter, "on") : uri;
        return new NameAddr(uri.WithParameter(RouteMarks.TokenParameter, token));
    }
}
