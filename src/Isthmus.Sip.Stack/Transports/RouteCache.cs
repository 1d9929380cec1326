// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The routing table's answers, kept for some seconds: asking it takes system calls.</summary>
internal sealed class RouteCache(INetwork network, TimeProvider time)
{
    private const int Limit = 8192;
    /// <summary>How long an answer is believed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<IPAddress, (IPAddress? Local, long Since)> _routes = new();

    /// <summary>The source address towards an address; null when there is no route.</summary>
    public IPAddress? LocalTowards(IPAddress remote)
    {
        if (_routes.TryGetValue(remote, out var known) && time.GetElapsedTime(known.Since) < Lifetime)
        {
            return known.Local;
        }
        if (_routes.Count >= Limit)
        {
            _routes.Clear(); // simpler than an order of age, and no dearer than asking again
        }
        var local = network.LocalAddressTowards(remote);
        _routes[remote] = (local, time.GetTimestamp());
        return local;
    }
}
