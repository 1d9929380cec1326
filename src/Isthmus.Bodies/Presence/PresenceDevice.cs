// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>One of the user's devices (RFC 4479 §3.3).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
public sealed record PresenceDevice(string Id)
{
    /// <summary>What names the device in all documents, a URI; null when not said.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What is said of it.</summary>
    public ImmutableArray<PresenceNote> Notes { get; init; } = [];

    /// <summary>When this was so; null when not said.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What else is known of it.</summary>
    public ImmutableArray<MarkupElement> Extensions { get; init; } = [];
}
