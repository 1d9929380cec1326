// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>One method of judging, applied to one device.</summary>
internal interface IJudgeRule
{
    Finding Decide(in JudgedCall call, DeviceFacts device);
}

/// <summary>The call that is judged.</summary>
internal readonly record struct JudgedCall(IpVersion Arrival, Offer Offer, CallerFacts Caller)
{
    /// <summary>Whether this device and the caller find their way by themselves, or nothing is known that could be judged.</summary>
    public VerdictReason? ReasonToStandAside(DeviceFacts device) =>
        Offer.VersionsFor(device.Reads) is null ? VerdictReason.OfferUnknown
        : Offer.HasIce && device.DoesIce ? VerdictReason.OfferOpen
        : null;

    /// <summary>Of a set, the arrival version if it is in it, else the other; a set of none gives the other than arrived.</summary>
    public IpVersion Prefer(IpVersions versions) => versions.Has(Arrival) ? Arrival : Arrival.Other;
}

/// <summary>What the judge finds for one device: a route to it, or the version to call again by, or the version that would have been needed.</summary>
internal readonly record struct Finding(ForwardRoute? Route, bool IsRedirect, IpVersion Version, VerdictReason Reason)
{
    public static Finding Forward(DeviceFacts device, BindingFacts binding, VerdictReason reason) =>
        new(new(device.Id, binding.Index, binding.Version, reason), false, binding.Version, reason);

    public static Finding Refuse(IpVersion version, VerdictReason reason) => new(null, false, version, reason);

    /// <summary>Redirects to the version, unless this call was redirected to it before.</summary>
    public static Finding Redirect(CallerFacts caller, IpVersion version, VerdictReason reason) =>
        caller.AlreadyRedirectedTo.Has(version) ? Refuse(version, VerdictReason.AlreadyRedirected) : new(null, true, version, reason);
}
