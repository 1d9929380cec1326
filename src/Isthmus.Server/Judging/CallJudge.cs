// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Judging;

/// <summary>Asks the judge about one call, and says in its words what a caller hears to whom nothing can be forwarded.</summary>
internal sealed class CallJudge(CallerIdentity callers, RedirectMemory redirects, IVerdictObserver observer) : ICallJudge
{
    /// <inheritdoc/>
    public Verdict Decide(RequestContext context, JudgeMethod method, Offer offer, ReadOnlySpan<DeviceFacts> facts, string? target)
    {
        Verdict verdict = Judge.Decide(method, context.Arrival, offer, callers.Of(context, offer), facts);
        if (observer.IsListening)
        {
            observer.Judged(new VerdictReport(
                CallId: context.Request.CallId,
                Arrival: context.Arrival,
                Transport: context.Flow.Transport,
                Offer: offer.Versions,
                Target: target ?? HostPortOf(context),
                Verdict: verdict.Kind switch { VerdictKind.Forward => "forward", VerdictKind.Redirect => "redirect", _ => "refuse" },
                Version: verdict.Version,
                Reason: verdict.Reason.ToString(),
                Method: method));
        }

        return verdict;
    }

    /// <inheritdoc/>
    public ResponseBuilder Describe(RequestContext context, in Verdict verdict)
    {
        bool isRedirect = verdict.Kind == VerdictKind.Redirect;
        if (isRedirect)
        {
            redirects.Add(context.Request.CallId, verdict.Version!.Value);
        }

        return Redirection.Describe(context.Respond(isRedirect ? Redirection.RedirectStatus : Redirection.RefuseStatus), verdict.Version!.Value, context.Flow.SentBy.ToString());
    }

    /// <summary>The host of the Request-URI.</summary>
    public static string HostPortOf(RequestContext context) => context.Request.RequestSipUri!.HostPort.ToString();
}
