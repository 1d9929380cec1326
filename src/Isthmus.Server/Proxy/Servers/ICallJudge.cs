// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Who is asked, once the servers of a Contact in another domain are known, whether a call may go there.</summary>
internal interface ICallJudge
{
    /// <summary>The verdict, which is reported.</summary>
    /// <param name="context">An INVITE that opens a call.</param>
    /// <param name="method">The judge's method.</param>
    /// <param name="offer">What it offers.</param>
    /// <param name="facts">Whom it is for; at least one.</param>
    /// <param name="target">The address-of-record or host that it is for; null: the host of its Request-URI.</param>
    Verdict Decide(RequestContext context, JudgeMethod method, Offer offer, ReadOnlySpan<DeviceFacts> facts, string? target);

    /// <summary>The 380 or 488 of a verdict that does not forward: no Contact, a Warning and a body that says which version.</summary>
    ResponseBuilder Describe(RequestContext context, in Verdict verdict);
}
