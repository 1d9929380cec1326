// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// The flows of a listener seen lately, so that one object serves many datagrams of the same sender. Bounded: a newcomer takes the place
/// of one that shares its slots. Safe from any thread: flows never change, and a lost race costs one flow more.
/// </summary>
internal sealed class FlowCache(Listener listener)
{
    private const int First = 128;
    private const int Last = 32768;

    private Flow?[] _flows = new Flow?[First];
    private IPEndPoint? _lastLocal;
    private int _replaced;

    public Flow Find(IPEndPoint remote, IPAddress localAddress)
    {
        if (remote is not KnownEndPoint known)
        {
            return Search(remote, localAddress);
        }
        if (known.LastFlow is { } last && (ReferenceEquals(last.Local.Address, localAddress) || last.Local.Address.Equals(localAddress)))
        {
            return last;
        }
        return known.LastFlow = new Flow(listener, LocalAt(localAddress), remote); // the sender is kept already: no second place for it
    }

    private Flow Search(IPEndPoint remote, IPAddress localAddress)
    {
        var flows = Volatile.Read(ref _flows);
        var slot = Slot(remote, localAddress, flows.Length);
        if (Volatile.Read(ref flows[slot]) is { } first)
        {
            if (Is(first, remote, localAddress))
            {
                return first;
            }
            slot ^= 1; // each has two places
            if (Volatile.Read(ref flows[slot]) is { } second)
            {
                if (Is(second, remote, localAddress))
                {
                    return second;
                }
                slot ^= ++_replaced & 1;
                if (_replaced >= flows.Length && flows.Length < Last)
                {
                    flows = Grow(flows);
                    slot = Slot(remote, localAddress, flows.Length);
                }
            }
        }
        var flow = new Flow(listener, LocalAt(localAddress), remote);
        Volatile.Write(ref flows[slot], flow);
        return flow;
    }

    private static bool Is(Flow flow, IPEndPoint remote, IPAddress localAddress) =>
        (ReferenceEquals(flow.Remote, remote) || flow.Remote.Equals(remote)) && flow.Local.Address.Equals(localAddress);

    private Flow?[] Grow(Flow?[] old)
    {
        var larger = new Flow?[old.Length * 4];
        foreach (var flow in old)
        {
            if (flow is not null)
            {
                var slot = Slot(flow.Remote, flow.Local.Address, larger.Length);
                larger[larger[slot] is null ? slot : slot ^ 1] = flow;
            }
        }
        _replaced = 0;
        Volatile.Write(ref _flows, larger);
        return larger;
    }

    private IPEndPoint LocalAt(IPAddress address)
    {
        var port = listener.LocalEndPoint.Port; // known only once the listener is bound
        var local = Volatile.Read(ref _lastLocal);
        if (local is null || local.Port != port || !local.Address.Equals(address))
        {
            local = new IPEndPoint(address, port);
            Volatile.Write(ref _lastLocal, local);
        }
        return local;
    }

    // An address's hash is seeded by the process and says little about its low bits: spread them (Fibonacci hashing).
    private static int Slot(IPEndPoint remote, IPAddress local, int length) =>
        (int)((uint)(remote.GetHashCode() + local.GetHashCode()) * 2654435769u >> 16) & (length - 1);
}
