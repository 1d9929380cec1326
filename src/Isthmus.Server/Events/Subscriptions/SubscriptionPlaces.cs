// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>How many subscriptions there may be, and how many of one watcher. Those whom the server does not know share the places of one.</summary>
internal sealed class SubscriptionPlaces(int most, int mostEach)
{
    private static readonly KeyedHash Hash = KeyedHash.Random();

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _taken = [];
    private int _count;

    /// <summary>How many are taken.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A number for a watcher.</summary>
    /// <param name="watcher">The canonical address-of-record; null: nobody whom the server knows.</param>
    public static ulong NumberOf(string? watcher) => watcher is null ? 0 : Hash.Of(System.Text.Encoding.UTF8.GetBytes(watcher));

    /// <summary>Takes a place for a watcher. Null: it is his; else the status of the refusal.</summary>
    public int? Take(ulong watcher)
    {
        lock (_lock)
        {
            int his = _taken.GetValueOrDefault(watcher);
            if (his >= mostEach)
            {
                return 403;
            }

            if (_count >= most)
            {
                return 503;
            }

            _taken[watcher] = his + 1;
            _count++;
            return null;
        }
    }

    /// <summary>Gives one back.</summary>
    public void Return(ulong watcher)
    {
        lock (_lock)
        {
            _count--;
            if (--_taken[watcher] == 0)
            {
                _taken.Remove(watcher);
            }
        }
    }
}
