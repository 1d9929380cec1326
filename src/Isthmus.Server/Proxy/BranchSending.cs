// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>Sends the copy of a request that belongs to a branch (RFC 3261 §16.6, items 4, 8 and 10).</summary>
internal static class BranchSending
{
    /// <summary>Sends it to where the branch goes, in a transaction of its own. False: there is no listener of that transport and IP version.</summary>
    /// <param name="environment">What the proxy works with.</param>
    /// <param name="request">The request.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="branchId">What makes its identifier; zero for a new one.</param>
    public static bool TrySend(ProxyEnvironment environment, RequestContext request, ProxyBranch branch, ulong branchId)
    {
        if (environment.Stack.FlowTowards(branch.Target.NextHop) is not { } flow)
        {
            return false;
        }

        MessageEdit copy = Compose(environment, request, branch.Target, branch.Breadth, flow);
        environment.Counters.CountBranch();
        environment.Observer.Sent(request, branch.Target, flow);
        Span<byte> mark = stackalloc byte[Hex64.Length];
        Hex64.Write(request.LoopMark, mark);
        branch.IsHopeless = false;
        branch.Transaction = environment.Stack.Send(copy, branch.Target.NextHop, branch, mark, branchId: branchId);
        return true;
    }

    /// <summary>Sends it to another address of the same server too, in the same transaction. False: it cannot be.</summary>
    public static bool TrySendAlso(ProxyEnvironment environment, RequestContext request, ProxyBranch branch, in ProxyTarget other) =>
        environment.Stack.FlowTowards(other.NextHop) is { } flow && branch.Transaction is { } transaction
        && transaction.SendAlso(Compose(environment, request, other, branch.Breadth, flow), other.NextHop);

    private static MessageEdit Compose(ProxyEnvironment environment, RequestContext request, in ProxyTarget target, int breadth, Flow flow)
    {
        MessageEdit copy = OutgoingRequest.Compose(request, target, breadth);
        if (RecordRoutes.AreFor(request.Request.Method))
        {
            environment.RecordRoutes.Add(copy, request.Flow, flow, request.RouteMark);
        }

        return copy;
    }
}
