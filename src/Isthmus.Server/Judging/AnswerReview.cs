// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server.Hosting;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Judging;

/// <summary>
/// The end of what the method <c>auto</c> began when it forwarded a call to a device that might have the offered version: an answer that
/// the caller cannot hear becomes a refusal, and a refusal says why. The other methods carry both as they are.
/// </summary>
internal sealed class AnswerReview(Domains domains, CallerIdentity callers, IVerdictObserver observer) : IAnswerReview
{
    public SipResponse? RefusalInsteadOf(RequestContext context, in ProxyTarget target, SipResponse success)
    {
        if (context.Offer is not { } offer || target.Device is not { } device)
        {
            return null;
        }

        Offer answer = context.AnswerIn(success);
        bool sharesVersion = answer.Versions is { } answered && offer.Versions is { } offered && offered.Shares(answered);
        if (sharesVersion || !IsOurs(context) || AnswerRule.Unheard(offer, answer, callers.Of(context, offer), device.Versions | device.Can) is not { } version)
        {
            return null;
        }

        if (observer.IsListening)
        {
            observer.Judged(new VerdictReport(
                CallId: context.Request.CallId,
                Arrival: context.Arrival,
                Transport: context.Flow.Transport,
                Offer: offer.Versions,
                Target: device.Aor,
                Verdict: "refuse",
                Version: version,
                Reason: nameof(VerdictReason.AnsweredByOtherVersion),
                Method: JudgeMethod.Auto));
        }

        return Redirection.Describe(context.Respond(Redirection.RefuseStatus), version, context.Flow.SentBy.ToString()).Build();
    }

    public SipResponse Explain(RequestContext context, in ProxyTarget target, SipResponse refusal)
    {
        // A bare 488 to an offer of a version that the device did not register: what phones of today say to an address that they cannot use.
        bool isBare = refusal.StatusCode is Redirection.RefuseStatus or 606 && !refusal.Has(HeaderName.Warning) && refusal.Body.IsEmpty;
        return isBare && IsOurs(context) && context.Offer?.Versions is { } offered && target.Device?.Versions.Single is { } version && !offered.Has(version)
            ? MessageEdit.Of(refusal).Append(HeaderName.Warning, Redirection.WarningValue(version, context.Flow.SentBy.ToString())).BuildResponse()
            : refusal;
    }

    private bool IsOurs(RequestContext context) =>
        context.Verdict is { Kind: VerdictKind.Forward } && context.TryGetUri(out SipUriView uri) && domains.MethodFor(uri) == JudgeMethod.Auto;
}
