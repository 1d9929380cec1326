// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>
/// Group commit: while one batch is being written, the changes that arrive gather into the next. A store that waits for a disk gets a
/// thread of its own; for memory the change is made on the caller's thread, at once.
/// </summary>
internal sealed class CommitQueue(
    bool ownThread,
    int mostPending,
    Func<IReadOnlyList<ILocationChange>, IReadOnlyList<(ILocationChange Change, CommitOutcome Outcome, AddressOfRecord Current)>> commit,
    Action<IReadOnlyList<(ILocationChange Change, CommitOutcome Outcome, AddressOfRecord Current)>> complete)
    : IDisposable
{
    private const int LargestBatch = 1024;

    private readonly Lock _commitLock = new();
    private readonly object _gate = new();
    private readonly Queue<ILocationChange> _waiting = new();
    private Thread? _thread;
    private bool _stopping;

    public void Start()
    {
        if (ownThread && _thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "isthmus location writer" };
            _thread.Start();
        }
    }

    public bool TryAdd(ILocationChange change)
    {
        if (!ownThread)
        {
            IReadOnlyList<(ILocationChange Change, CommitOutcome Outcome, AddressOfRecord Current)> done;
            lock (_commitLock)
            {
                done = commit([change]);
            }

            complete(done);
            return true;
        }

        lock (_gate)
        {
            if (_stopping || _waiting.Count >= mostPending)
            {
                return false;
            }

            _waiting.Enqueue(change);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private void Run()
    {
        while (Next() is { } batch)
        {
            complete(commit(batch));
        }
    }

    private List<ILocationChange>? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            var batch = new List<ILocationChange>(Math.Min(_waiting.Count, LargestBatch));
            while (batch.Count < LargestBatch && _waiting.TryDequeue(out ILocationChange? change))
            {
                batch.Add(change);
            }

            return batch;
        }
    }
}
