// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>One who watches a resource, and what he may see of it. By itself it is what a subscription to one resource shows.</summary>
/// <remarks>Before it begins it is nothing that the hub knows of: whoever is refused leaves nothing behind.</remarks>
internal sealed class ResourceWatch(EventHub hub, IEventPackage package, string aor, Access access) : IEventSource
{
    private EventResource? _resource;
    private StateDocument? _taken;
    private bool _isApproved;

    public Access Access { get; private set; } = access;

    /// <summary>The canonical address-of-record of who watches, by which <see cref="Access"/> was decided; null: nobody whom the server believes.</summary>
    public string? AskedBy { get; init; }

    bool IEventSource.IsList => false;

    /// <summary>Who hears of changes; null before it begins and after its end.</summary>
    public IResourceWatcher? Watcher { get; private set; }

    /// <summary>Its place among those of the resource. For the resource.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Of one that began later it is a larger number. For the resource.</summary>
    public long Since { get; set; }

    /// <summary>The document as it is now; when it has begun.</summary>
    public StateDocument Current => _resource!.Current(Access);

    /// <summary>As the user who is watched may see it; null: it is not to be seen.</summary>
    public WatcherEntry? AsWatcher => Access == Access.Deny || Watcher?.AsWatcher(Access) is not { } entry ? null : entry with { IsApproved = _isApproved };

    /// <summary>It begins.</summary>
    public void Begin(IResourceWatcher watcher)
    {
        Watcher = watcher;
        do
        {
            _resource = hub.Resource(package, aor);
        }
        while (!_resource.TryAdd(this));
    }

    /// <summary>It ends: nothing is heard any more.</summary>
    public void End()
    {
        _resource?.Remove(this);
        Watcher = null;
    }

    public bool Decide()
    {
        (Access before, Access) = (Access, package.Decide(new(aor, AskedBy)));
        if (before == Access)
        {
            return false;
        }

        _isApproved = before == Access.Confirm && Access != Access.Deny;
        if (_resource is { } resource)
        {
            hub.WatchersChanged(resource);
        }

        return true;
    }

    void IEventSource.Attach(Subscription subscription) => Begin(subscription);

    void IEventSource.Detach() => End();

    StateDocument? IEventSource.Take(bool isFull)
    {
        if (Access is Access.Deny or Access.Confirm)
        {
            return null;
        }

        StateDocument current = Current;
        if (!isFull && ReferenceEquals(current, _taken))
        {
            return null;
        }

        return _taken = current;
    }
}
