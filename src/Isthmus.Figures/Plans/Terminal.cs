// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>A terminal of a figure: T5 is a dual-stack one, T6 has IPv4 only, T7 has IPv6 only, T8 is a second dual-stack one.</summary>
/// <param name="Name">Its name in the figure; in lower case it is its user.</param>
/// <param name="Has">The IP versions it has.</param>
/// <param name="Mode">How it registers.</param>
public sealed record Terminal(string Name, IpVersions Has, RegistrationMode Mode)
{
    /// <summary>The version that carries the REGISTER when one names both addresses (FIG. 5).</summary>
    public IpVersion? RequestVersion { get; init; }

    /// <summary>The version it calls by when it has both.</summary>
    public IpVersion? Prefer { get; init; }

    /// <summary>Its user part.</summary>
    public string User => Name.ToLowerInvariant();

    /// <summary>What it has and how it registers, in words for people: <c>has IPv4 only, registers on IPv4</c>.</summary>
    public string Description => $"has {(Has.Single is { } only ? $"{only.DisplayName} only" : "IPv4 and IPv6")}, registers {Mode switch
    {
        RegistrationMode.Both => "on both",
        RegistrationMode.OneRequest => "both addresses in one request",
        RegistrationMode.Ipv4 => "on IPv4",
        RegistrationMode.Ipv6 => "on IPv6",
        _ => "nowhere",
    }}";
}
