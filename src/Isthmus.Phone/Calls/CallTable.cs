// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Isthmus.Phone;

/// <summary>The calls of a phone that are not gone yet, by Call-ID and our own tag.</summary>
internal sealed class CallTable
{
    private readonly ConcurrentDictionary<(string CallId, string LocalTag), CallLeg> _legs = new();
    private int _places;

    /// <summary>Every call, also those that only wait for the answer to their BYE.</summary>
    public ICollection<CallLeg> Legs => _legs.Values;

    /// <summary>How many there are.</summary>
    public int Count => _legs.Count;

    /// <summary>Takes one of <paramref name="most"/> places for a call; false if none is free.</summary>
    public bool TryTakePlace(int most)
    {
        if (Interlocked.Increment(ref _places) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _places);
        return false;
    }

    /// <summary>Gives a place back, when its call has ended.</summary>
    public void ReleasePlace() => Interlocked.Decrement(ref _places);

    public void Add(CallLeg leg) => _legs[(leg.CallId, leg.LocalTag)] = leg;

    public void Remove(CallLeg leg) => _legs.TryRemove((leg.CallId, leg.LocalTag), out _);

    public CallLeg? Find(string callId, string? localTag) => localTag is not null && _legs.TryGetValue((callId, localTag), out var leg) ? leg : null;
}
