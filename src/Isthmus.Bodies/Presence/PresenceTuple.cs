// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>One way to reach a user, and its state (RFC 3863 §4.1.2).</summary>
/// <param name="Id">What tells it from others of the same document, and makes it known again in the next one.</param>
public sealed record PresenceTuple(string Id)
{
    /// <summary>Whether it is open; null when the tuple does not say.</summary>
    public BasicStatus? Basic { get; init; }

    /// <summary>Where it is reached, a URI; null when not said.</summary>
    public string? Contact { get; init; }

    /// <summary>Which contact is preferred, from 0 to 1, the highest first; null when not said.</summary>
    public double? Priority { get; init; }

    /// <summary>What the user says about it.</summary>
    public ImmutableArray<PresenceNote> Notes { get; init; } = [];

    /// <summary>When this was so; null when not said.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What stands beside <see cref="Basic"/> in the status.</summary>
    public ImmutableArray<MarkupElement> StatusExtensions { get; init; } = [];

    /// <summary>What else stands in the tuple.</summary>
    public ImmutableArray<MarkupElement> Extensions { get; init; } = [];
}
