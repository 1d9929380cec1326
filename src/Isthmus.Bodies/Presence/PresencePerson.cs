// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>The user as a person, whatever the devices (RFC 4479 §3.2).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
public sealed record PresencePerson(string Id)
{
    /// <summary>What the person is doing (RFC 4480); empty when nothing is said or nothing speaks against a call.</summary>
    public ImmutableArray<PresenceActivity> Activities { get; init; } = [];

    /// <summary>What the person says.</summary>
    public ImmutableArray<PresenceNote> Notes { get; init; } = [];

    /// <summary>When this was so; null when not said.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What else is known of the person: mood, place, …</summary>
    public ImmutableArray<MarkupElement> Extensions { get; init; } = [];
}
