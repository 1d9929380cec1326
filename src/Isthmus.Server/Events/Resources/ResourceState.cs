// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Events;

/// <summary>All that is known of a resource at one moment, for <see cref="IEventPackage.Compose"/>.</summary>
/// <param name="Aor">The canonical address-of-record.</param>
internal sealed record ResourceState(string Aor)
{
    // More than one NOTIFY can bring.
    private const int MostWatchers = 512;

    /// <summary>What its devices have published, the oldest first.</summary>
    public IReadOnlyList<Publication> Publications { get; init; } = [];

    /// <summary>Its bindings, in the order of registration, when they are asked for; for packages with <see cref="StateSources.Bindings"/>.</summary>
    public IReadOnlyList<Binding> Bindings { get => field ??= Location?.BindingsOf(Aor) ?? []; init; }

    /// <summary>Who knows the bindings; null: there are none.</summary>
    public ILocationService? Location { get; init; }

    /// <summary>Its watchers, the oldest first; for packages with <see cref="StateSources.Watchers"/>.</summary>
    public IReadOnlyList<WatcherEntry> Watchers { get; init; } = [];

    /// <summary>How many watchers there are besides: with them the document would be too long.</summary>
    public int WatchersLeftOut { get; init; }

    /// <summary>With these watchers; of very many with the newest, before anything is made of them.</summary>
    public ResourceState WithWatchers(IReadOnlyList<ResourceWatch> watches) => this with
    {
        Watchers = [.. watches.OrderByDescending(watch => watch.Since).Take(MostWatchers).Reverse().Select(watch => watch.AsWatcher).OfType<WatcherEntry>()],
        WatchersLeftOut = Math.Max(0, watches.Count - MostWatchers),
    };

    private int Count => Publications.Count + Bindings.Count + Watchers.Count;

    /// <summary>The document of all of it, or where one NOTIFY could not bring that (<see cref="StateDocument.Most"/>) of the newest.</summary>
    public StateDocument ComposeBy(IEventPackage package)
    {
        ResourceState state = this;
        StateDocument document = package.Compose(state);
        while (document.MostOctets > StateDocument.Most && state.Count > 0)
        {
            state = state.Newest((double)StateDocument.Most / document.MostOctets);
            document = package.Compose(state);
        }

        return document;
    }

    // That part of each kind at most, and less than there is.
    private ResourceState Newest(double part)
    {
        return this with
        {
            Publications = Last(Publications),
            Bindings = Last(Bindings),
            Watchers = Last(Watchers),
            WatchersLeftOut = WatchersLeftOut + Watchers.Count - (int)(Watchers.Count * part),
        };

        IReadOnlyList<T> Last<T>(IReadOnlyList<T> all) => [.. all.Skip(all.Count - (int)(all.Count * part))];
    }
}
