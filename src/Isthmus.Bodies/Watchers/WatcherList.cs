// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Isthmus.Bodies;

/// <summary>Who watches one resource.</summary>
/// <param name="Resource">What is watched, a URI.</param>
/// <param name="Package">By which event package, as in <c>presence</c>.</param>
public sealed record WatcherList(string Resource, string Package)
{
    /// <summary>The watchers.</summary>
    public ImmutableArray<Watcher> Watchers { get; init; } = [];
}
