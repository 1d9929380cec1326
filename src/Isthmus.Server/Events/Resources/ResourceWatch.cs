// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>One who watches a resource, and what he may see of it. By itself it is what a subscription to one resource shows.</summary>
internal sealed class ResourceWatch(EventResource resource, Access access) : IEventSource
{
    private EventResource _resource = resource;
    private StateDocument? _taken;

    /// <summary>What is watched.</summary>
    public EventResource Resource => _resource;

    public Access Access => access;

    bool IEventSource.IsList => false;

    /// <summary>Who hears of changes; null before it begins and after its end.</summary>
    public IResourceWatcher? Watcher { get; private set; }

    /// <summary>Its place among those of the resource. For the resource.</summary>
    public int Place { get; set; } = -1;

    /// <summary>The document as it is now.</summary>
    public StateDocument Current => _resource.Current(access);

    /// <summary>It begins.</summary>
    public void Begin(IResourceWatcher watcher)
    {
        Watcher = watcher;
        while (!_resource.TryAdd(this))
        {
            _resource = _resource.InUse;
        }
    }

    /// <summary>It ends: nothing is heard any more.</summary>
    public void End()
    {
        _resource.Remove(this);
        Watcher = null;
    }

    void IEventSource.Attach(Subscription subscription) => Begin(subscription);

    void IEventSource.Detach() => End();

    StateDocument? IEventSource.Take(bool isFull)
    {
        StateDocument current = Current;
        if (!isFull && ReferenceEquals(current, _taken))
        {
            return null;
        }

        return _taken = current;
    }
}
