// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>What the notifier has done since the start.</summary>
internal sealed class EventCounters
{
    private long _notifies;
    private long _unheard;

    /// <summary>NOTIFYs that were sent.</summary>
    public long Notifies => Interlocked.Read(ref _notifies);

    /// <summary>NOTIFYs that no 2xx came for.</summary>
    public long Unheard => Interlocked.Read(ref _unheard);

    public void CountNotify() => Interlocked.Increment(ref _notifies);

    public void CountUnheard() => Interlocked.Increment(ref _unheard);
}
