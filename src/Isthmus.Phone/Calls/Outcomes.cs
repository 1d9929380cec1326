// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>What a final answer to an INVITE means for the caller.</summary>
internal static class Outcomes
{
    public static CallResult Of(SipResponse response, bool wasRinging) =>
        new(Outcome(response, wasRinging), response.StatusCode, response.ReasonPhrase) { Warning = response.Text(HeaderName.Warning), ByRemote = true };

    /// <summary>What it means that no server of a domain was found.</summary>
    public static CallResult Of(LocateFailure failure) => new(
        failure is LocateFailure.NoSuchDomain or LocateFailure.ServiceNotOffered or LocateFailure.NoAddress ? CallOutcome.NotFound : CallOutcome.Unreachable, failure.StatusCode, failure.Reason);

    private static CallOutcome Outcome(SipResponse response, bool wasRinging) => response.StatusCode switch
    {
        486 or 600 => CallOutcome.Busy,
        603 => CallOutcome.Declined,
        487 => CallOutcome.Cancelled,
        408 or 480 when wasRinging => CallOutcome.NoAnswer,
        408 or 503 or 504 => CallOutcome.Unreachable,
        404 or 410 or 480 or 484 or 604 => CallOutcome.NotFound,
        380 => CallOutcome.IncompatibleVersions,
        488 or 606 => Redirection.WantedVersion(response) is null ? CallOutcome.IncompatibleMedia : CallOutcome.IncompatibleVersions,
        415 => CallOutcome.IncompatibleMedia,
        _ => CallOutcome.Rejected,
    };
}
