// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Storing;
using Isthmus.Sip.Stack;
using Microsoft.Data.Sqlite;

namespace Isthmus.Server.Events;

/// <summary>
/// The subscriptions and publications of an earlier run. Their watchers are told all once more, some at a time, so that they need not subscribe anew and the start
/// is no storm (docs/decisions/0050).
/// </summary>
internal sealed class EarlierRun
{
    private const int AtATime = 100;

    private List<Subscription> _subscriptions = [];

    private EarlierRun()
    {
    }

    /// <summary>Reads what is in the store and has not ended. Nothing is sent.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static EarlierRun Restore(StoreConnection store, EventServer events)
    {
        var earlier = new EarlierRun();
        try
        {
            long now = events.Notifier.Now;
            foreach (StoredPublication stored in EventTable.Publications(store).Where(stored => stored.ExpiresAt > now))
            {
                RestorePublication(events, stored);
            }

            foreach (StoredSubscription stored in EventTable.Subscriptions(store).Where(stored => stored.Record.ExpiresAt > now))
            {
                earlier.RestoreSubscription(events, stored);
            }

            EventTable.TakeOver(store, now);
        }
        catch (SqliteException exception)
        {
            throw StoreException.Of(exception, store.Description);
        }

        return earlier;
    }

    /// <summary>Begins to tell the watchers.</summary>
    public void Begin(SipStack stack)
    {
        InTurn.Begin(stack, _subscriptions, AtATime, subscription => subscription.Changed());
        _subscriptions = [];
    }

    private static void RestorePublication(EventServer events, StoredPublication stored)
    {
        if (events.Hub.Packages.Find(stored.Package) is { } package && package.ReadPublished(stored.Body, out _) is { } state)
        {
            events.Publications.Restore(events.Hub, package, stored.Aor, new Publication(stored.EntityTag, stored.Body, state, stored.ExpiresAt) { Length = stored.Body.Length, Place = stored.Place });
        }
    }

    // Who may not watch any more, by rules that were changed meanwhile, is told so; who brought his list along, or whose list is gone, hears 481 when he renews.
    private void RestoreSubscription(EventServer events, StoredSubscription stored)
    {
        if (events.Hub.Packages.Find(stored.Package) is { } package && events.Hub.Open(package, stored.Aor, stored.Watcher, null, out _) is { } source
            && source.IsList == NotifyHeadFields.IsOfList(stored.Record.Head) && events.Notifier.Places.Take(SubscriptionPlaces.NumberOf(stored.Watcher)) is null)
        {
            var subscription = new Subscription(events.Notifier, package, source, stored.Record) { WatcherNumber = SubscriptionPlaces.NumberOf(stored.Watcher), IsKept = true };
            events.Notifier.Add(subscription);
            subscription.Restore();
            _subscriptions.Add(subscription);
        }
    }
}
