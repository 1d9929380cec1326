// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>A message that somebody sent to this phone.</summary>
/// <param name="From">The sender's address, fit for an answer: <c>sip:bob@example.com</c>.</param>
/// <param name="Content">What it carries.</param>
public sealed record ReceivedMessage(string From, MessageContent Content)
{
    /// <summary>The sender's name, if it came with one.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The account that it was sent to; null if it was sent to none.</summary>
    public Account? Account { get; init; }

    /// <summary>When the sender, or the server that kept it, says that it was sent (the Date of RFC 3428 §7); null if nobody says so.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When it came here.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The IP version by which it came.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>Its Call-ID.</summary>
    public required string Id { get; init; }
}
