// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>Some words of a user for those who watch (RFC 3863 §4.1.6).</summary>
/// <param name="Text">The words.</param>
/// <param name="Language">Their language, as in <c>en</c> (RFC 5646); null when not said.</param>
public sealed record PresenceNote(string Text, string? Language = null);
