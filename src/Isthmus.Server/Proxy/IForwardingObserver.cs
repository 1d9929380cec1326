// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Sees what happens to forwarded requests: the call table and the learning of devices' IP versions hang here. Called on the
/// conversation's owner, so calls for one Call-ID come in order; implementations must not block.
/// </summary>
internal interface IForwardingObserver
{
    /// <summary>A request is about to be forwarded to its targets.</summary>
    void Started(RequestContext context)
    {
    }

    /// <summary>A branch was sent.</summary>
    void Sent(RequestContext context, in ProxyTarget target, Flow flow)
    {
    }

    /// <summary>A branch was answered: any response but 100, before it is decided what becomes of it.</summary>
    void Responded(RequestContext context, in ProxyTarget target, SipResponse response)
    {
    }

    /// <summary>The request has its final response, 2xx or the best of the others.</summary>
    void Finished(RequestContext context, int status)
    {
    }
}
