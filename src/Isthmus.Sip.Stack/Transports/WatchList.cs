// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Sip.Stack;

/// <summary>The messages that share a fate: those of one connection, or the datagrams whose destinations share a hash. The links are in the messages.</summary>
internal sealed class WatchList
{
    private readonly Lock _lock = new();
    private Outgoing? _first;

    public void Add(Outgoing outgoing)
    {
        lock (_lock)
        {
            if (outgoing.Watch is not null || outgoing.IsDone)
            {
                return;
            }
            outgoing.Watch = this;
            outgoing.NextWatched = _first;
            if (_first is not null)
            {
                _first.PreviousWatched = outgoing;
            }
            _first = outgoing;
        }
    }

    public void Remove(Outgoing outgoing)
    {
        lock (_lock)
        {
            if (outgoing.Watch != this)
            {
                return;
            }
            if (outgoing.NextWatched is { } next)
            {
                next.PreviousWatched = outgoing.PreviousWatched;
            }
            if (outgoing.PreviousWatched is { } previous)
            {
                previous.NextWatched = outgoing.NextWatched;
            }
            else
            {
                _first = outgoing.NextWatched;
            }
            (outgoing.Watch, outgoing.NextWatched, outgoing.PreviousWatched) = (null, null, null);
        }
    }

    /// <summary>Those watched now, to be told something without the lock; of datagrams those to one remote endpoint.</summary>
    public IReadOnlyList<Outgoing> Snapshot(IPEndPoint? remote = null)
    {
        var found = new List<Outgoing>();
        lock (_lock)
        {
            for (var outgoing = _first; outgoing is not null; outgoing = outgoing.NextWatched)
            {
                if (remote is null || remote.Equals(outgoing.Path?.Remote))
                {
                    outgoing.WasReported = true;
                    found.Add(outgoing);
                }
            }
        }
        found.Reverse(); // in the order in which they were sent
        return found;
    }
}
