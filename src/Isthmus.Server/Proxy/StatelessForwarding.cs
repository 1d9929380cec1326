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

        Span<byte> mark = stackalloc byte[Hex64.Length];
        Hex64.Write(context.LoopMark, mark);
        MessageEdit copy = OutgoingRequest.Compose(context, target, context.MaxBreadth);
        environment.Stack.SendStateless(copy, target.NextHop, mark, environment.Marks.StatelessIdOf(context.Received, via));
        environment.Counters.CountForwarded();
        environment.Counters.CountBranch();
        return true;
    }

    /// <summary>Sends a response back by the Via below ours. False: it answers nothing that this server forwarded.</summary>
    public static bool TryReturn(ProxyEnvironment environment, SipResponse response)
    {
        if (!response.TryGetTopVia(out ViaView top) || !TryReadId(top.Branch, out ulong id)
            || !response.TryGetViaBelow(out ViaView below) || id != environment.Marks.StatelessIdOf(response, below))
        {
            return false;
        }

        ReturningResponse.SendBack(environment, response, below);
        return true;
    }

    private static bool TryReadId(ReadOnlySpan<byte> branch, out ulong id)
    {
        id = 0;
        return branch.Length >= Via.MagicCookie.Length + Hex64.Length
            && Hex64.TryRead(branch.Slice(Via.MagicCookie.Length, Hex64.Length), out id);
    }

    // A response leaves by the socket that its request came to (RFC 3581 §4), and nobody will remember which that was.
    private static bool LeadsBack(SipStack stack, Flow flow) => flow.Transport.IsReliable || stack.HasOnly(flow.Listener)
        || (stack.FlowTowards(stack.TargetOf(flow.Transport, flow.Remote)) is { } back && back.Listener == flow.Listener && back.Local.Address.Equals(flow.Local.Address));
}
