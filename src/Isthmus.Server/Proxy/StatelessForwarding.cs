// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Forwards a request without a transaction, and its response back (RFC 3261 §16.11, docs/decisions/0037). The branch is made of the request, so that
/// a retransmission has the same one; by the same arithmetic over the response it is known again.
/// </summary>
internal static class StatelessForwarding
{
    /// <summary>Forwards a request that has one way to go. False: it has several, or none, and someone must remember which was tried.</summary>
    public static bool TryForward(ProxyEnvironment environment, RequestContext context)
    {
        if (context.Targets is not [var target] || target.Device is { Bindings.Length: > 1 } || target.Servers is { Targets.Count: > 1 }
            || environment.Stack.FlowTowards(target.NextHop) is null || !LeadsBack(environment.Stack, context.Flow))
        {
            return false;
        }

        ViaView via = context.Received.TopViaView;
        if (!via.HasMagicCookie)
        {
            return false; // RFC 2543: what makes such a request itself does not come back in its response
        }

        Span<byte> mark = stackalloc byte[RouteMarks.TextLength];
        RouteMarks.Write(context.LoopMark, mark);
        MessageEdit copy = OutgoingRequest.Compose(context, target, context.MaxBreadth);
        environment.Stack.SendStateless(copy, target.NextHop, mark, environment.Marks.StatelessIdOf(context.Received, via));
        environment.Counters.CountForwarded();
        environment.Counters.CountBranch();
        return true;
    }

    /// <summary>Sends a response back by the Via below ours. False: it answers nothing that this server forwarded.</summary>
    public static bool TryReturn(ProxyEnvironment environment, SipResponse response)
    {
        int at = 0;
        ulong id = 0;
        foreach (ReadOnlySpan<byte> value in response.ValuesOf(HeaderName.Via))
        {
            if (!ViaView.TryRead(value, out ViaView via))
            {
                return false;
            }

            if (at++ > 0)
            {
                bool isOurs = id == environment.Marks.StatelessIdOf(response, via);
                if (isOurs)
                {
                    ReturningResponse.SendBack(environment, response);
                }

                return isOurs;
            }

            ReadOnlySpan<byte> branch = via.Branch;
            bool mayBeOurs = branch.Length >= Via.MagicCookie.Length + RouteMarks.TextLength
                && RouteMarks.TryRead(branch.Slice(Via.MagicCookie.Length, RouteMarks.TextLength), out id);
            if (!mayBeOurs)
            {
                return false;
            }
        }

        return false;
    }

    // A response leaves by the socket that its request came to (RFC 3581 §4), and nobody will remember which that was.
    private static bool LeadsBack(SipStack stack, Flow flow) => flow.Transport.IsReliable
        || (stack.FlowTowards(stack.TargetOf(flow.Transport, flow.Remote)) is { } back && back.Listener == flow.Listener && back.Local.Address.Equals(flow.Local.Address));
}
