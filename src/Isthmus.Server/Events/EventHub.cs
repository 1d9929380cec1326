// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>The resources of all packages, and where news of them comes together.</summary>
/// <param name="packages">The packages that are served.</param>
/// <param name="location">Where the users are.</param>
/// <param name="stack">Its timers let others go on with what a thread must not be held up by, and what one of them sends is sent together.</param>
internal sealed class EventHub(EventPackages packages, ILocationService location, SipStack stack) : ILocationObserver
{
    // So many watchers are told by whoever brings the news; of more, the others by the timers' thread, piece by piece.
    private const int MostAtOnce = 256;

    private const string OfWatchers = ".winfo";

    private readonly Dictionary<IEventPackage, ConcurrentDictionary<string, EventResource>> _resources =
        packages.All.ToDictionary(package => package, _ => new ConcurrentDictionary<string, EventResource>(StringComparer.Ordinal));

    private readonly IEventPackage[] _ofBindings = [.. packages.All.Where(package => package.Sources.HasFlag(StateSources.Bindings))];

    private readonly Dictionary<IEventPackage, IEventPackage> _watcherPackages = packages.All
        .Where(package => package.Sources.HasFlag(StateSources.Watchers) && packages.Find(WatchedBy(package.Name)) is not null)
        .ToDictionary(package => packages.Find(WatchedBy(package.Name))!, package => package);

    /// <summary>The packages.</summary>
    public EventPackages Packages => packages;

    /// <summary>The resource lists; null: there are none.</summary>
    public IListDirectory? Lists { get; init; }

    /// <summary>All resources of which something is published or that somebody watches.</summary>
    public IEnumerable<EventResource> All => _resources.Values.SelectMany(resources => resources.Values);

    /// <summary>The resource that an address-of-record is in a package, whether or not anybody has that address.</summary>
    public EventResource Resource(IEventPackage package, string aor) =>
        _resources[package].GetOrAdd(aor, static (aor, to) => new EventResource(to.Hub, to.Package, aor), (Hub: this, Package: package));

    /// <summary>Something has happened to a resource that the hub cannot know of. From any thread; costs next to nothing when nobody watches.</summary>
    public void Changed(string package, string aor)
    {
        if (packages.Find(package) is { } known)
        {
            Changed(known, aor);
        }
    }

    /// <inheritdoc cref="Changed(string, string)"/>
    public void Changed(IEventPackage package, string aor)
    {
        if (_resources[package].TryGetValue(aor, out EventResource? resource))
        {
            resource.Changed();
        }
    }

    /// <summary>What a subscription of that watcher to that address shows: a list of ours, else the resource, which he may perhaps not watch (<see cref="IEventSource.Access"/>); null: a list that is refused.</summary>
    /// <param name="package">The package.</param>
    /// <param name="aor">The canonical address that is watched.</param>
    /// <param name="watcher">The canonical address-of-record of the watcher; null when it is nobody whom the server believes.</param>
    /// <param name="subscribe">The SUBSCRIBE; null for a subscription that outlived a restart.</param>
    /// <param name="refusal">Why a list is refused; null: none is.</param>
    public IEventSource? Open(IEventPackage package, string aor, string? watcher, SipRequest? subscribe, out ListRefusal? refusal)
    {
        refusal = null;
        IEventSource? list = Lists?.Open(aor, package, watcher, subscribe, this, out refusal);
        if (list is not null || refusal is not null)
        {
            return list;
        }

        return new ResourceWatch(this, package, aor, package.Decide(new(aor, watcher))) { AskedBy = watcher };
    }

    /// <summary>All that is known of a resource now.</summary>
    public ResourceState StateOf(EventResource resource) => new ResourceState(resource.Aor)
    {
        Publications = resource.Publications,
        Location = resource.Package.Sources.HasFlag(StateSources.Bindings) ? location : null,
    }.WithWatchers(resource.Package.Sources.HasFlag(StateSources.Watchers) ? WatchesOf(resource) : []);

    /// <summary>Nobody needs the resource any more.</summary>
    public void Forget(EventResource resource) => _resources[resource.Package].TryRemove(KeyValuePair.Create(resource.Aor, resource));

    /// <summary>Others watch a resource than before.</summary>
    public void WatchersChanged(EventResource resource)
    {
        if (_watcherPackages.TryGetValue(resource.Package, out IEventPackage? ofWatchers) && _resources[ofWatchers].TryGetValue(resource.Aor, out EventResource? watchers))
        {
            Later(watchers);
        }
    }

    /// <summary>Tells those who watch that something has changed. What they send meanwhile is sent together.</summary>
    public void Tell(ResourceWatch[] watches) => Tell(new Telling(this, watches));

    void ILocationObserver.Changed(AddressOfRecord aor, Binding[] before)
    {
        foreach (IEventPackage package in _ofBindings)
        {
            // The thread that commits registrations has no time for this.
            if (!_resources[package].IsEmpty && _resources[package].TryGetValue(aor.Aor, out EventResource? resource))
            {
                Later(resource);
            }
        }
    }

    private static string WatchedBy(string name) => name.EndsWith(OfWatchers, StringComparison.Ordinal) ? name[..^OfWatchers.Length] : "";

    private void Later(EventResource resource) => stack.Timers.Schedule(TimeSpan.Zero, static resource => ((EventResource)resource!).Changed(), resource);

    private void Tell(Telling telling)
    {
        using SendBatch together = stack.Gather();
        for (int left = MostAtOnce; left > 0 && telling.TryNext(out ResourceWatch? watch); left--)
        {
            watch.Watcher?.ResourceChanged(watch);
        }

        if (!telling.IsDone)
        {
            stack.Timers.Schedule(TimeSpan.Zero, static telling => ((Telling)telling!).GoOn(), telling);
        }
    }

    // Those who watch the user whose watchers the resource shows.
    private IReadOnlyList<ResourceWatch> WatchesOf(EventResource resource) =>
        packages.Find(WatchedBy(resource.Package.Name)) is { } watched && _resources[watched].TryGetValue(resource.Aor, out EventResource? of) ? of.Watches : [];

    /// <summary>Watchers that are told one after the other.</summary>
    private sealed class Telling(EventHub hub, ResourceWatch[] watches)
    {
        private int _next;

        public bool IsDone => _next == watches.Length;

        public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceWatch? watch)
        {
            watch = IsDone ? null : watches[_next++];
            return watch is not null;
        }

        public void GoOn() => hub.Tell(this);
    }
}
