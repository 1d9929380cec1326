// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The messages that share a fate: one connection, or one remote endpoint of datagrams.</summary>
/// <param name="empty">Called, with the list's lock held, when the last message goes: the list is retired and not used again.</param>
internal sealed class WatchList(Action<WatchList>? empty = null)
{
    private readonly LinkedList<Outgoing> _watched = [];
    private bool _retired;

    /// <summary>False when the list is retired: find or make another one.</summary>
    public bool TryAdd(Outgoing outgoing)
    {
        lock (_watched)
        {
            if (!_retired)
            {
                outgoing.Watch = (this, _watched.AddLast(outgoing));
            }
            return !_retired;
        }
    }

    public void Remove(Outgoing outgoing)
    {
        lock (_watched)
        {
            if (outgoing.Watch is not var (list, node) || list != this)
            {
                return;
            }
            _watched.Remove(node);
            outgoing.Watch = null;
            if (_watched.Count == 0 && empty is not null)
            {
                _retired = true;
                empty(this);
            }
        }
    }

    /// <summary>Those watched now, to be told something without the lock.</summary>
    public Outgoing[] Snapshot()
    {
        lock (_watched)
        {
            return [.. _watched];
        }
    }
}
