// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>Whether an answered call has sound: some phones answer by the version of their registration, whatever was offered.</summary>
public static class AnswerRule
{
    /// <summary>The version of an answer that nobody will hear; null when there is sound, or when nothing can be said.</summary>
    /// <param name="offer">What the caller offered.</param>
    /// <param name="answer">What the device answered.</param>
    /// <param name="caller">Who called.</param>
    /// <param name="device">The versions that the device has, by its bindings or by what it answered before.</param>
    public static IpVersion? Unheard(Offer offer, Offer answer, CallerFacts caller, IpVersions device)
    {
        // With ICE at both ends c= decides nothing; a caller that understands redirects offers again by itself.
        if ((offer.HasIce && answer.HasIce) || caller.FollowsRedirect
            || offer.Versions is not { } offered || offered.Single is null || answer.Versions is not { } answered || answered.Single is not { } other)
        {
            return null;
        }

        // Two dual-stack phones hear each other although each sends by another version.
        var isCrossed = caller.Known.Has(other) && device.Shares(offered);
        return offered.Shares(answered) || isCrossed ? null : other;
    }
}
