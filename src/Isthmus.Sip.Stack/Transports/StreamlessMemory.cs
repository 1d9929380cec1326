// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>The endpoints that took no TCP connection lately, so that long requests to them need not wait for the next attempt to fail.</summary>
internal sealed class StreamlessMemory(TimeProvider time, TimeSpan lifetime)
{
    private const int Limit = 8192;

    private readonly ConcurrentDictionary<IPEndPoint, long> _since = new();

    public void Add(IPEndPoint remote)
    {
        if (_since.Count >= Limit)
        {
            _since.Clear();
        }
        _since[remote] = time.GetTimestamp();
    }

    public bool Has(IPEndPoint remote)
    {
        if (!_since.TryGetValue(remote, out var since))
        {
            return false;
        }
        if (time.GetElapsedTime(since) < lifetime)
        {
            return true;
        }
        _since.TryRemove(KeyValuePair.Create(remote, since));
        return false;
    }
}
