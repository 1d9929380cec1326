// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>What makes a response of the next hop one for the previous hop (RFC 3261 §16.7 item 3): our Via goes.</summary>
internal static class ReturningResponse
{
    /// <summary>The response without our Via; it is the caller's.</summary>
    public static SipResponse Pop(SipResponse response, MessageEdit edit, MessagePool pool)
    {
        edit.Begin(response).RemoveFirstValue(HeaderName.Via);
        if (!response.Has(HeaderName.ContentLength) && response.TryGetViaBelow(out ViaView below) && below.Transport is not SipTransport.Udp)
        {
            edit.Replace(HeaderName.ContentLength, response.Body.Length); // it came in a datagram, which needs none; a stream does (RFC 3261 §18.3)
        }

        return edit.BuildResponse(pool);
    }

    /// <summary>A refusal of a call as the caller is to read it; takes over the one that came.</summary>
    public static SipResponse Explain(ProxyEnvironment environment, RequestContext request, in ProxyTarget target, SipResponse refusal)
    {
        SipResponse explained = environment.Review?.Explain(request, target, refusal) ?? refusal;
        if (explained != refusal)
        {
            refusal.Dispose();
        }

        return explained;
    }

    /// <summary>Sends a response on by the Via below ours, outside of any transaction.</summary>
    /// <param name="environment">What the proxy works with.</param>
    /// <param name="response">The response, with our Via.</param>
    /// <param name="below">The Via below ours.</param>
    /// <param name="cameBy">The flow by which the request came, where that is known.</param>
    public static void SendBack(ProxyEnvironment environment, SipResponse response, in ViaView below, Flow? cameBy = null)
    {
        MessageEdit edit = environment.Edits.Take() ?? new MessageEdit();
        using (SipResponse popped = Pop(response, edit, environment.Messages))
        {
            environment.Stack.SendStateless(popped, below, cameBy);
        }

        environment.Edits.Return(edit);
    }
}
