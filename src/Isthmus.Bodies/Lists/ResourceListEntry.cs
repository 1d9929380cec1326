// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>A resource of a list.</summary>
/// <param name="Uri">The resource.</param>
/// <param name="DisplayName">Its name; null when not said.</param>
public sealed record ResourceListEntry(string Uri, string? DisplayName = null);
