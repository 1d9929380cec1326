// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Events;

/// <summary>
/// One address-of-record in one package: what was published for it, who watches it, and its document, which is composed when somebody asks for it after
/// something has changed. It is there as long as something is published or somebody watches.
/// </summary>
internal sealed class EventResource(EventHub hub, IEventPackage package, string aor)
{
    private readonly Lock _lock = new();
    private readonly List<ResourceWatch> _watches = [];
    private long _lastSince;
    private Publication[] _publications = [];
    private StateDocument? _document;
    private StateDocument? _unseen;
    private bool _isStale = true;
    private bool _isGone;

    /// <summary>The canonical address-of-record.</summary>
    public string Aor => aor;

    /// <summary>Its package.</summary>
    public IEventPackage Package => package;

    /// <summary>What was published, the oldest first.</summary>
    public IReadOnlyList<Publication> Publications => Volatile.Read(ref _publications);

    /// <summary>Those who watch, at this moment.</summary>
    public IReadOnlyList<ResourceWatch> Watches
    {
        get
        {
            lock (_lock)
            {
                return [.. _watches];
            }
        }
    }

    /// <summary>The document that someone with this access sees now: the same object as long as nothing has changed.</summary>
    public StateDocument Current(Access access)
    {
        lock (_lock)
        {
            if (access != Access.Allow)
            {
                return _unseen ??= package.Compose(new ResourceState(aor));
            }

            if (_isStale || _document is null)
            {
                _isStale = false; // what changes from here on makes it stale again
                StateDocument composed = hub.StateOf(this).ComposeBy(package);
                _document = _document is { } before && composed.SaysTheSameAs(before) ? before : composed;
            }

            return _document;
        }
    }

    /// <summary>Something has changed: whoever watches hears of it.</summary>
    public void Changed()
    {
        ResourceWatch[] watches;
        lock (_lock)
        {
            _isStale = true;
            watches = _watches.Count == 0 ? [] : [.. _watches];
        }

        hub.Tell(watches);
    }

    /// <summary>Puts other publications in the place of those that there are. False: this object is not in use any more, ask the hub for another.</summary>
    /// <param name="change">Makes the new ones of the old ones; null: nothing changes. It is called once at most, and nobody else changes them meanwhile.</param>
    public bool TryPublish(Func<Publication[], Publication[]?> change)
    {
        lock (_lock)
        {
            if (_isGone)
            {
                return false;
            }

            if (change(_publications) is { } changed)
            {
                (_publications, _isStale) = (changed, true);
            }

            GoIfUnused();
        }

        return true;
    }

    /// <summary>One more watches. False: this object is not in use any more, ask the hub for another.</summary>
    public bool TryAdd(ResourceWatch watch)
    {
        lock (_lock)
        {
            if (_isGone)
            {
                return false;
            }

            (watch.Place, watch.Since) = (_watches.Count, ++_lastSince);
            _watches.Add(watch);
        }

        hub.WatchersChanged(this);
        return true;
    }

    /// <summary>One watches no more.</summary>
    public void Remove(ResourceWatch watch)
    {
        lock (_lock)
        {
            if (watch.Place < 0)
            {
                return;
            }

            Span<ResourceWatch> all = CollectionsMarshal.AsSpan(_watches);
            ResourceWatch last = all[^1];
            (all[watch.Place], last.Place, watch.Place) = (last, watch.Place, -1);
            _watches.RemoveAt(_watches.Count - 1);
            GoIfUnused();
        }

        hub.WatchersChanged(this);
    }

    private void GoIfUnused()
    {
        if (_watches.Count == 0)
        {
            (_document, _unseen, _isStale) = (null, null, true);
            if (_publications.Length == 0 && !_isGone)
            {
                _isGone = true;
                hub.Forget(this);
            }
        }
    }
}
