// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>Tells each of several observers, in their order.</summary>
internal sealed class ForwardingObservers(params IForwardingObserver[] observers) : IForwardingObserver
{
    public void Started(RequestContext context)
    {
        foreach (IForwardingObserver observer in observers)
        {
            observer.Started(context);
        }
    }

    public void Sent(RequestContext context, in ProxyTarget target, Flow flow)
    {
        foreach (IForwardingObserver observer in observers)
        {
            observer.Sent(context, target, flow);
        }
    }

    public void Responded(RequestContext context, in ProxyTarget target, SipResponse response)
    {
        foreach (IForwardingObserver observer in observers)
        {
            observer.Responded(context, target, response);
        }
    }

    public void Finished(RequestContext context, int status)
    {
        foreach (IForwardingObserver observer in observers)
        {
            observer.Finished(context, status);
        }
    }
}
