// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Judging;

/// <summary>Which calls were redirected to which IP versions, so that none is sent to the same version twice.</summary>
internal sealed class RedirectMemory(TimeProvider time, TimeSpan keep, int capacity)
{
    private readonly BoundedMemory<string, IpVersions> _calls = new(time, keep, capacity);

    /// <summary>A memory with the usual bounds: five minutes, a hundred thousand calls.</summary>
    public RedirectMemory(TimeProvider time)
        : this(time, TimeSpan.FromMinutes(5), 100_000)
    {
    }

    /// <summary>How many calls it remembers.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether it remembers none. Cheap, and right on the call's owner for that call.</summary>
    public bool IsEmpty => _calls.IsEmpty;

    /// <summary>The versions that a call was redirected to.</summary>
    public IpVersions Of(string callId) => _calls.Of(callId);

    /// <summary>Remembers that a call is redirected to a version. Only on the call's owner.</summary>
    public void Add(string callId, IpVersion version) => _calls.Set(callId, _calls.Of(callId) | version.AsSet);
}
