// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>
/// Keeps subscriptions and publications in the store (docs/decisions/0050). Nobody waits for it: what has changed since the last write is noted, each thing once
/// however often it changes, and written together. What the store refuses is noted again. There is one write at a time, so what comes back is older than all that
/// was noted meanwhile.
/// </summary>
internal sealed class EventJournal(StoreWriter writer, TimerWheel timers)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Notes _noted = new();
    private bool _isPosted;

    /// <summary>A subscription is new.</summary>
    public void Began(Subscription subscription, string aor, string? watcher)
    {
        lock (_lock)
        {
            _noted.Subscriptions[subscription.Tag] = new(subscription, (aor, watcher));
        }

        Post();
    }

    /// <summary>A subscription has been renewed, or needs more numbers.</summary>
    public void Changed(Subscription subscription)
    {
        lock (_lock)
        {
            _noted.Subscriptions.TryAdd(subscription.Tag, new(subscription, null));
        }

        Post();
    }

    /// <summary>A subscription has ended.</summary>
    public void Ended(Subscription subscription)
    {
        lock (_lock)
        {
            _noted.Subscriptions[subscription.Tag] = new(null, null);
        }

        Post();
    }

    /// <summary>A publication has another tag, and perhaps another body; or is new, or gone.</summary>
    /// <param name="package">The package's name.</param>
    /// <param name="aor">The user.</param>
    /// <param name="before">What it was; null: it is new.</param>
    /// <param name="after">What it is; null: it is gone.</param>
    public void Published(string package, string aor, Publication? before, Publication? after)
    {
        lock (_lock)
        {
            if (before is not null)
            {
                _noted.Publications[before.EntityTag] = new(package, aor, null);
            }

            if (after is not null)
            {
                _noted.Publications[after.EntityTag] = new(package, aor, after);
            }
        }

        Post();
    }

    // Of a piece that waits to be written, all that is noted until then is part; what is noted while it is written waits for its end.
    private void Post()
    {
        lock (_lock)
        {
            if (_isPosted || _noted.Count == 0)
            {
                return;
            }

            _isPosted = true;
        }

        if (!writer.TryPost(new Piece(this)))
        {
            WaitABit();
        }
    }

    private Notes Take()
    {
        lock (_lock)
        {
            Notes taken = _noted;
            _noted = new Notes();
            return taken;
        }
    }

    private void Written()
    {
        lock (_lock)
        {
            _isPosted = false;
        }

        Post();
    }

    private void PutBack(Notes unwritten)
    {
        lock (_lock)
        {
            _noted.AddOlder(unwritten);
        }

        WaitABit();
    }

    // What is noted until then goes along.
    private void WaitABit() => timers.Schedule(Retry, static journal => ((EventJournal)journal!).Written(), this);

    /// <summary>What is noted when its turn comes.</summary>
    private sealed class Piece(EventJournal journal) : IStoreWork
    {
        private readonly List<(Subscription Subscription, uint CSeq)> _reserved = [];
        private Notes _notes = new();

        public void Write(StoreConnection store)
        {
            _notes = journal.Take();
            foreach ((_, NotedSubscription noted) in _notes.Subscriptions)
            {
                // It only grows: what is written is this number or a higher one.
                if (noted.Subscription is { } subscription && subscription.ReservedCSeq > subscription.WrittenCSeq)
                {
                    _reserved.Add((subscription, subscription.ReservedCSeq));
                }
            }

            _notes.Write(store);
        }

        public void Done(string? problem)
        {
            if (problem is null)
            {
                _reserved.ForEach(static one => one.Subscription.Written(one.CSeq));
                journal.Written();
            }
            else
            {
                journal.PutBack(_notes);
            }
        }
    }

    private readonly record struct NotedSubscription(Subscription? Subscription, (string Aor, string? Watcher)? Of);

    private readonly record struct NotedPublication(string Package, string Aor, Publication? Publication);

    private sealed class Notes
    {
        public Dictionary<ulong, NotedSubscription> Subscriptions { get; } = [];

        public Dictionary<ulong, NotedPublication> Publications { get; } = [];

        public int Count => Subscriptions.Count + Publications.Count;

        public void AddOlder(Notes older)
        {
            foreach ((ulong tag, NotedSubscription noted) in older.Subscriptions)
            {
                // What was new and has changed since is still new for the store.
                if (!Subscriptions.TryAdd(tag, noted) && Subscriptions[tag] is { Subscription: not null, Of: null } changed)
                {
                    Subscriptions[tag] = changed with { Of = noted.Of };
                }
            }

            foreach ((ulong tag, NotedPublication noted) in older.Publications)
            {
                Publications.TryAdd(tag, noted);
            }
        }

        public void Write(StoreConnection store)
        {
            foreach ((ulong tag, NotedSubscription noted) in Subscriptions)
            {
                if (noted.Subscription is { } subscription)
                {
                    EventTable.Write(store, subscription, noted.Of);
                }
                else
                {
                    EventTable.RemoveSubscription(store, tag);
                }
            }

            foreach ((ulong tag, NotedPublication noted) in Publications)
            {
                if (noted.Publication is { } publication)
                {
                    EventTable.Write(store, noted.Package, noted.Aor, publication);
                }
                else
                {
                    EventTable.RemovePublication(store, tag);
                }
            }
        }
    }
}
