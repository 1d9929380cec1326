// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>What is known of somebody's presence.</summary>
/// <param name="Address">Whose.</param>
/// <param name="Availability">How the user is to be seen; null: nothing is known, or nothing may be known.</param>
public sealed record PresenceState(string Address, Availability? Availability)
{
    /// <summary>The name that the list gives them; null: none.</summary>
    public string? Name { get; init; }

    /// <summary>Some words of the user; null: none.</summary>
    public string? Note { get; init; }

    /// <summary>What the user does, by the words of RFC 4480: <c>away</c>, <c>meeting</c>, <c>on-the-phone</c>…</summary>
    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>Active; pending: nobody has decided yet whether we may know; ended: we may not, or there is no such user.</summary>
    public SubscriptionPhase Subscription { get; init; } = SubscriptionPhase.Active;

    /// <summary>Why nothing is known: the notifier's reason, or what is wrong with what it sent.</summary>
    public string? Reason { get; init; }

    /// <inheritdoc/>
    public bool Equals(PresenceState? other) => other is not null
        && (Address, Availability, Name, Note, Subscription, Reason) == (other.Address, other.Availability, other.Name, other.Note, other.Subscription, other.Reason)
        && Activities.SequenceEqual(other.Activities);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Availability, Note, Subscription);
}
