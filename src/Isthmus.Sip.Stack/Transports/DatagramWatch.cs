// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>Which messages are on their way to which remote endpoint by UDP, so that an ICMP error finds those it concerns.</summary>
internal sealed class DatagramWatch
{
    private readonly ConcurrentDictionary<IPEndPoint, WatchList> _lists = new();

    public void Add(Outgoing outgoing, IPEndPoint remote)
    {
        if (outgoing.Observer is null)
        {
            return;
        }
        while (!_lists.GetOrAdd(remote, static (remote, watch) => watch.NewList(remote), this).TryAdd(outgoing))
        {
            // The list was retired just now and is about to leave the dictionary.
        }
        outgoing.Settle();
    }

    public Outgoing[] To(IPEndPoint remote) => _lists.TryGetValue(remote, out var list) ? list.Snapshot() : [];

    private WatchList NewList(IPEndPoint remote) => new(list => _lists.TryRemove(KeyValuePair.Create(remote, list)));
}
