// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Where a subscription stands (RFC 6665 §4.1.2).</summary>
public enum SubscriptionPhase
{
    /// <summary>It was asked for, and nobody has notified us yet.</summary>
    Subscribing,

    /// <summary>It waits for a permission; what is notified meanwhile says nothing.</summary>
    Pending,

    /// <summary>It stands.</summary>
    Active,

    /// <summary>It does not stand, and is tried again.</summary>
    Waiting,

    /// <summary>It is over, and not tried again.</summary>
    Ended,
}
