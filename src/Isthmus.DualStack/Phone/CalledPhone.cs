// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>The called phone's judge: never 200 with dead media.</summary>
public static class CalledPhone
{
    /// <summary>What to answer to an INVITE.</summary>
    /// <param name="offer">What it offers.</param>
    /// <param name="has">The versions that this phone has; at least one.</param>
    /// <param name="callerFollowsRedirect">Whether the INVITE has <c>Supported: ip-redirect</c>.</param>
    /// <param name="prefer">The version to offer or to ask for where there is a choice.</param>
    public static CalledPhoneDecision Decide(Offer offer, IpVersions has, bool callerFollowsRedirect, IpVersion prefer)
    {
        var own = has.Single ?? prefer;
        return offer.Kind switch
        {
            OfferKind.None => new(null, own),
            OfferKind.Foreign => new(415, null),
            _ when offer.Versions is not { } versions => new(Redirection.RefuseStatus, null),
            _ when (offer.Versions & has) is { } shared and not IpVersions.None => new(null, shared.Single ?? prefer),
            _ => new(callerFollowsRedirect ? Redirection.RedirectStatus : Redirection.RefuseStatus, own),
        };
    }
}

/// <summary>What a called phone answers.</summary>
/// <param name="Refusal">Null: the call can be answered. 380 or 488: refused for its version (488 without a version: its body cannot be read). 415: the body
/// is no session description.</param>
/// <param name="Version">The version to answer by; in a refusal the version to ask for.</param>
public readonly record struct CalledPhoneDecision(int? Refusal, IpVersion? Version);
