// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>Reasonable syntax and a URI scheme that can be served (RFC 3261 §16.3 items 1 and 2); the parser has seen to the mandatory fields.</summary>
internal sealed class SanityStep(SipStack stack) : IRequestStep
{
    public string Name => "sanity";

    public StepResult Handle(RequestContext context)
    {
        if (context.Request.Method == SipMethod.Cancel)
        {
            return context.Answer(481); // RFC 3261 §9.2: it matches no INVITE; this proxy never forwards one without a transaction
        }

        if (!context.TryGetUri(out SipUriView uri) || (uri.IsSecure && !stack.Listeners.Any(l => l.Transport is SipTransport.Tls or SipTransport.Wss)))
        {
            return context.Answer(416); // RFC 5630 §5.3: so too for a sips URI where there is no TLS
        }

        if (context.Request.MaxForwards is null && context.Request.Has(HeaderName.MaxForwards))
        {
            return context.Answer(400, "Bad Max-Forwards");
        }

        return context.Routes < 0 ? context.Answer(400, "Bad Route") : StepResult.Continue;
    }
}
