// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a calling phone knows about an attempt of its own.</summary>
public sealed record AttemptFacts
{
    /// <summary>The versions that it has.</summary>
    public required IpVersions Has { get; init; }

    /// <summary>The versions on which it is registered, so that signalling can go by them.</summary>
    public required IpVersions Registered { get; init; }

    /// <summary>The version of the offer that was answered.</summary>
    public required IpVersion Offered { get; init; }

    /// <summary>The version by which that INVITE was sent.</summary>
    public required IpVersion Signalling { get; init; }

    /// <summary>Every version that was offered in this call so far; the current one may be left out.</summary>
    public IpVersions Tried { get; init; }
}
