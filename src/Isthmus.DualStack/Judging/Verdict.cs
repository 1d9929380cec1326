// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What the judge may say.</summary>
public enum VerdictKind
{
    /// <summary>Send it on, to each device of <see cref="Verdict.Routes"/>.</summary>
    Forward,

    /// <summary>Answer 380: call again by <see cref="Verdict.Version"/>.</summary>
    Redirect,

    /// <summary>Answer 488: nothing that this caller does can give it sound.</summary>
    Refuse,
}

/// <summary>What the judge says, and why. A value: a call that goes to one device costs no object.</summary>
public readonly record struct Verdict
{
    private Verdict(VerdictKind kind, IpVersion? version, VerdictReason reason, ForwardRoutes routes) =>
        (Kind, Version, Reason, Routes) = (kind, version, reason, routes);

    /// <summary>What it says.</summary>
    public VerdictKind Kind { get; }

    /// <summary>The version that all routes leave on (null when they differ), or to call again by, or that would have been acceptable.</summary>
    public IpVersion? Version { get; }

    /// <summary>Why; of several devices the first that decided.</summary>
    public VerdictReason Reason { get; }

    /// <summary>Where a forwarded request goes: at least one, never two for one device, in the order of the devices that were judged.</summary>
    public ForwardRoutes Routes { get; }

    /// <summary>Send it to these devices, each by one binding; there is at least one.</summary>
    public static Verdict Forward(ForwardRoutes routes)
    {
        var versions = IpVersions.None;
        for (var i = 0; i < routes.Count; i++)
        {
            versions |= routes[i].Version.AsSet;
        }

        return new(VerdictKind.Forward, versions.Single, routes[0].Reason, routes);
    }

    /// <summary>Call again by that version.</summary>
    public static Verdict Redirect(IpVersion version, VerdictReason reason) => new(VerdictKind.Redirect, version, reason, default);

    /// <summary>That version would have been acceptable.</summary>
    public static Verdict Refuse(IpVersion version, VerdictReason reason) => new(VerdictKind.Refuse, version, reason, default);
}
