// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The registration of one account by one IP version.</summary>
/// <param name="Version">The version of the REGISTER and of its signalling path.</param>
/// <param name="Phase">Where it stands.</param>
public sealed record RegistrationState(IpVersion Version, RegistrationPhase Phase)
{
    /// <summary>The status of the last answer; 408 when none came, 503 when it could not be sent, 0 before the first.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase of the last answer, or what stood in the way of one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the binding ends unless refreshed; null when there is none.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When the next REGISTER is sent; null when none is planned.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The versions of the phone's own Contacts that the registrar holds through this registration.</summary>
    public IpVersions Bound { get; init; }

    /// <summary>The server that is asked.</summary>
    public ServerAddress? Server { get; init; }
}
