// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>A subscription, as it stands.</summary>
/// <param name="Phase">Where it stands.</param>
public sealed record SubscriptionState(SubscriptionPhase Phase)
{
    /// <summary>The status of the answer that brought it there; 408 when none came, 503 when the request could not be sent, 0 when it was no answer.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase of that answer, the reason that the notifier gave (<c>rejected</c>, <c>noresource</c>…), or what stood in the way.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it ends unless refreshed, which happens by itself; null when it does not stand.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it is tried again; null when that is not planned.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}
