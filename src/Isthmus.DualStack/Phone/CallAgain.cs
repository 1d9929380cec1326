// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>The calling phone's rules: when to call again by the other version, and how.</summary>
public static class CallAgain
{
    /// <summary>What to do on a final refusal of an INVITE (status 300 to 699).</summary>
    public static CallAgainDecision OnRefusal(SipResponse response, AttemptFacts attempt) =>
        OnRefusal(response.StatusCode, Redirection.Read(response), attempt);

    /// <summary>What to do on a final refusal of an INVITE.</summary>
    /// <param name="status">380, 488 and 606 can be about versions; others are not.</param>
    /// <param name="hint">What Warning and body say.</param>
    /// <param name="attempt">The attempt that was refused.</param>
    public static CallAgainDecision OnRefusal(int status, VersionHint hint, AttemptFacts attempt)
    {
        // A bare 380 is what the described method sends; a bare 488 or 606 is what phones say to an address that they cannot use.
        var isAboutVersions = status is Redirection.RedirectStatus or Redirection.RefuseStatus or 606 && (hint.IsAboutVersions || !hint.HasOtherReason);
        if (!isAboutVersions)
        {
            return CallAgainDecision.GiveUp(GiveUpReason.NotAboutVersions);
        }

        // A warning that names no version, and a bare refusal, can only mean the other one.
        return By(hint.Wanted ?? attempt.Offered.Other, attempt);
    }

    /// <summary>
    /// What to do on a 2xx: a phone that answered by another version than was offered would be heard one way only, so the call is offered again by that
    /// version (a re-INVITE).
    /// </summary>
    /// <param name="answered">The version of the answer's audio.</param>
    /// <param name="attempt">The attempt that was answered.</param>
    public static CallAgainDecision OnAnswer(IpVersion answered, AttemptFacts attempt) =>
        answered == attempt.Offered ? CallAgainDecision.Keep : By(answered, attempt with { Registered = IpVersions.None });

    private static CallAgainDecision By(IpVersion version, AttemptFacts attempt)
    {
        if (!attempt.Has.Has(version))
        {
            return CallAgainDecision.GiveUp(GiveUpReason.VersionMissing, version);
        }

        if (version == attempt.Offered || attempt.Tried.Has(version))
        {
            return CallAgainDecision.GiveUp(GiveUpReason.AlreadyTried, version);
        }

        return new(CallAgainAction.CallAgain, version, attempt.Registered.Has(version) ? version : attempt.Signalling, GiveUpReason.None);
    }
}
