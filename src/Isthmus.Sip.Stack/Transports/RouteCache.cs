// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The routing table's answers, kept for some seconds: asking it takes system calls.</summary>
/// <remarks>Two generations: when the young one is full it becomes the old one, and what is not asked for meanwhile goes with that.</remarks>
internal sealed class RouteCache(INetwork network, TimeProvider time)
{
    /// <summary>How long an answer is believed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private const int Generation = 16_384;

    private readonly Lock _growing = new();
    private volatile ConcurrentDictionary<IPAddress, Route> _young = new();
    private volatile ConcurrentDictionary<IPAddress, Route> _old = new();
    private int _size;

    /// <summary>The source address towards an address; null when there is no route.</summary>
    public IPAddress? LocalTowards(IPAddress remote)
    {
        if (_young.TryGetValue(remote, out var known) && IsFresh(known))
        {
            return known.Local;
        }
        if (!_old.TryGetValue(remote, out var route) || !IsFresh(route))
        {
            route = new Route(network.LocalAddressTowards(remote), time.GetTimestamp());
        }
        Keep(remote, route);
        return route.Local;
    }

    private bool IsFresh(Route route) => time.GetElapsedTime(route.Since) < Lifetime;

    private void Keep(IPAddress remote, Route route)
    {
        lock (_growing)
        {
            if (!_young.ContainsKey(remote) && ++_size > Generation)
            {
                (_old, _young, _size) = (_young, new(), 1);
            }
            _young[remote] = route;
        }
    }

    private readonly record struct Route(IPAddress? Local, long Since);
}
