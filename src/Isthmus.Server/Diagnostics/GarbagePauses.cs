// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Diagnostics;

/// <summary>
/// How long each garbage collection stopped everything. A small object that nobody holds is finalized after every collection, looks at the runtime's sum,
/// and puts the next one in its place: between collections it costs nothing.
/// </summary>
internal sealed class GarbagePauses : IDisposable
{
    private const int Kept = 1024;

    private readonly Lock _lock = new();
    private readonly PauseView[] _latest = new PauseView[Kept];
    private readonly TimeProvider _time;
    private readonly long _began;
    private TimeSpan _seen = GC.GetTotalPauseDuration();
    private int _collections = GC.CollectionCount(0);
    private long _count;
    private volatile bool _disposed;

    public GarbagePauses(TimeProvider time)
    {
        (_time, _began) = (time, time.GetTimestamp());
        Wait(this);
    }

    /// <summary>What the runtime of this process has done since it began; pauses since this object was made.</summary>
    public RuntimeView Show()
    {
        lock (_lock)
        {
            Look();
            int kept = (int)Math.Min(_count, Kept);
            GCMemoryInfo heap = GC.GetGCMemoryInfo();
            return new(
                Math.Round(_time.GetElapsedTime(_began).TotalSeconds, 1),
                Environment.WorkingSet,
                GC.GetTotalMemory(forceFullCollection: false),
                heap.TotalCommittedBytes,
                GC.GetTotalAllocatedBytes(),
                [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)],
                _seen.TotalMilliseconds,
                [.. Enumerable.Range(0, kept).Select(i => _latest[(_count - kept + i) % Kept])]);
        }
    }

    public void Dispose() => _disposed = true;

    // Where several came one upon the other they are one pause, as long as all of them: never shorter than it was.
    private void Look()
    {
        (TimeSpan total, int collections) = (GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        if (total > _seen)
        {
            _latest[_count % Kept] = new(++_count, Math.Round(_time.GetElapsedTime(_began).TotalSeconds, 3), (total - _seen).TotalMilliseconds, Math.Max(1, collections - _collections));
        }

        (_seen, _collections) = (total, collections);
    }

    // By itself, so that no register of the caller holds the object.
    private static void Wait(GarbagePauses pauses) => _ = new Sentinel(pauses);

    private sealed class Sentinel(GarbagePauses pauses)
    {
        ~Sentinel()
        {
            if (pauses._disposed)
            {
                return;
            }

            lock (pauses._lock)
            {
                pauses.Look();
            }

            Wait(pauses);
        }
    }
}
