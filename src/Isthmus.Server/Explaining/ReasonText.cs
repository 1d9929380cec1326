// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Explaining;

/// <summary>A verdict as a sentence for people.</summary>
internal static class ReasonText
{
    public static string Of(in Verdict verdict)
    {
        string version = verdict.Version?.DisplayName ?? "both versions";
        string done = verdict.Kind switch
        {
            VerdictKind.Forward => $"goes on by {version}",
            VerdictKind.Redirect => $"380: call again by {version}",
            _ => $"488: {version} would be needed",
        };
        return $"{done}: {Why(verdict.Reason)}";
    }

    private static string Why(VerdictReason reason) => reason switch
    {
        VerdictReason.NotJudged => "only an INVITE that opens a call is judged",
        VerdictReason.Carried => "this method never judges, the called side does",
        VerdictReason.OfferUnknown => "nothing can be read from its body",
        VerdictReason.OfferOpen => "both ends do ICE and find their own way",
        VerdictReason.ArrivalShared => "there is a way of the version that it came by",
        VerdictReason.SessionShared => "there is a way of a version that its media can use",
        VerdictReason.DeviceIsDualStack => "the callee is known to have a version that its media can use",
        VerdictReason.DeviceJudges => "no version is shared, but the callee judges by itself",
        VerdictReason.DeviceMayBeDualStack => "no version is known to be shared, but the callee may have more than is known",
        VerdictReason.ArrivalNotShared => "there is no way of the version that it came by",
        VerdictReason.SessionNotShared => "there is no way of a version that its media can use",
        VerdictReason.CallerLacksVersion => "the caller is not known to have it",
        VerdictReason.CallerDoesNotFollow => "the caller would not follow a redirect",
        VerdictReason.AlreadyRedirected => "the call was redirected to it before",
        _ => "the callee answered by a version that the caller did not offer",
    };
}
