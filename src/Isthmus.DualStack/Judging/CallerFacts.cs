// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a server knows about the one who calls.</summary>
public readonly record struct CallerFacts
{
    /// <summary>The versions that the calling device is known to have.</summary>
    public required IpVersions Known { get; init; }

    /// <summary>Whether it belongs to another domain: then it may have more than this call shows, and nobody here knows.</summary>
    public bool IsForeign { get; init; }

    /// <summary>The versions that it may have.</summary>
    public IpVersions Possible => IsForeign ? IpVersions.Both : Known;

    /// <summary>Whether it calls again when redirected: <c>Supported: ip-redirect</c> in this request or in its registration.</summary>
    public bool FollowsRedirect { get; init; }

    /// <summary>The versions that this call was redirected to before. No call is redirected twice to one version.</summary>
    public IpVersions AlreadyRedirectedTo { get; init; }

    /// <summary>The facts about a caller: its live bindings say which versions it has; without any, the arrival and the offer do.</summary>
    /// <param name="bindings">The versions of the calling device's live bindings; none when it is not registered.</param>
    /// <param name="arrival">The version on which the INVITE arrived.</param>
    /// <param name="offer">What it offers.</param>
    /// <param name="followsRedirect">See <see cref="FollowsRedirect"/>.</param>
    /// <param name="alreadyRedirectedTo">See <see cref="AlreadyRedirectedTo"/>.</param>
    /// <param name="isForeign">See <see cref="IsForeign"/>.</param>
    public static CallerFacts Of(
        IpVersions bindings, IpVersion arrival, Offer offer, bool followsRedirect, IpVersions alreadyRedirectedTo = IpVersions.None, bool isForeign = false) => new()
        {
            Known = bindings != IpVersions.None ? bindings : arrival.AsSet | (offer.Versions ?? IpVersions.None),
            FollowsRedirect = followsRedirect,
            AlreadyRedirectedTo = alreadyRedirectedTo,
            IsForeign = isForeign,
        };
}
