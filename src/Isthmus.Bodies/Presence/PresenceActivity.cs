// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>What somebody is doing (RFC 4480 §3.2).</summary>
/// <param name="Name">The name of the RFC's list, as in <c>away</c>, <c>busy</c>, <c>on-the-phone</c>, <c>meeting</c>, <c>other</c>.</param>
/// <param name="Text">For <c>other</c>: what it is; some phones describe other activities with it too.</param>
public sealed record PresenceActivity(string Name, string? Text = null)
{
    /// <summary>Not there.</summary>
    public static PresenceActivity Away { get; } = new("away");

    /// <summary>Does not want to be called.</summary>
    public static PresenceActivity Busy { get; } = new("busy");

    /// <summary>In a call.</summary>
    public static PresenceActivity OnThePhone { get; } = new("on-the-phone");

    /// <summary>What it means for somebody who wants to call.</summary>
    public Availability Means => Name switch
    {
        "on-the-phone" => Availability.OnThePhone,
        "busy" or "meeting" or "presentation" or "performance" or "steering" or "worship" => Availability.Busy,
        "away" or "permanent-absence" or "vacation" or "holiday" or "sleeping" or "in-transit" or "travel"
            or "meal" or "breakfast" or "dinner" or "shopping" or "spectator" => Availability.Away,
        _ => Availability.Online,
    };
}
