// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>A publication, as it stands.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Availability">How the user is to be seen.</param>
public sealed record PublicationState(PublicationPhase Phase, Availability Availability)
{
    /// <summary>Some words for those who watch; null: none.</summary>
    public string? Note { get; init; }

    /// <summary>The status of the last answer; 408 when none came, 503 when the request could not be sent, 0 before the first.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase of the last answer, or what stood in the way of one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What names it at the server: needed to change or remove it later (RFC 3903 §4.1); null while there is none.</summary>
    public string? EntityTag { get; init; }

    /// <summary>When it ends unless refreshed, which happens by itself; null when the server has none.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it is tried again; null when that is not planned.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}
