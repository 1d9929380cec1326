// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Events;

/// <summary>All that is known of a resource at one moment, for <see cref="IEventPackage.Compose"/>.</summary>
/// <param name="Aor">The canonical address-of-record.</param>
internal sealed record ResourceState(string Aor)
{
    /// <summary>What its devices have published, the oldest first.</summary>
    public IReadOnlyList<Publication> Publications { get; init; } = [];

    /// <summary>Its bindings, in the order of registration; for packages with <see cref="StateSources.Bindings"/>.</summary>
    public IReadOnlyList<Binding> Bindings { get; init; } = [];

    /// <summary>Its watchers; for packages with <see cref="StateSources.Watchers"/>.</summary>
    public IReadOnlyList<WatcherEntry> Watchers { get; init; } = [];
}
