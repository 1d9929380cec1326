// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>
/// Group commit: while one batch is being written, the changes that arrive gather into the next. A store that waits for a disk gets a
/// thread of its own; for memory the change is made on the caller's thread, at once.
/// </summary>
internal sealed class CommitQueue(bool ownThread, int mostPending, ICommitter committer) : IDisposable
{
    private const int LargestBatch = 2048;

    // Where so many come that several are written at once, the next batch gathers: a flush costs as much as dozens of registrations. It is complete with as
    // many as a whole pace brought when somebody looked last, at every sixteenth batch.
    private const int Several = 2;
    private const int BatchesBetweenLooks = 16;
    private const int FullBatch = 512;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly Lock _commitLock = new();
    private readonly object _gate = new();
    private readonly ILocationChange[] _single = new ILocationChange[1];
    private readonly CommitOutcome[] _outcomes = new CommitOutcome[ownThread ? LargestBatch : 1];
    private readonly Queue<ILocationChange> _waiting = new();
    private readonly ILocationChange[] _batch = new ILocationChange[ownThread ? LargestBatch : 0];
    private Thread? _thread;
    private int _wakeAt = int.MaxValue;
    private int _ofAPace;
    private int _untilLook;
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
            CommitOutcome outcome;
            lock (_commitLock)
            {
                _single[0] = change;
                committer.Commit(_single, _outcomes);
                outcome = _outcomes[0];
            }

            committer.Complete(change, outcome);
            return true;
        }

        lock (_gate)
        {
            if (_stopping || _waiting.Count >= mostPending)
            {
                return false;
            }

            _waiting.Enqueue(change);
            if (_waiting.Count >= _wakeAt)
            {
                _wakeAt = int.MaxValue;
                Monitor.Pulse(_gate);
            }

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
        int count = 0;
        bool hasMore = false;
        Leisure leisure = Leisure.None;
        while ((count = Next(count, hasMore, leisure)) >= 0)
        {
            if (count > 0)
            {
                Work(count);
                leisure = Leisure.None;
            }
            else if (!hasMore && leisure != Leisure.Long)
            {
                leisure++;
            }

            hasMore = committer.Tidy(leisure);
        }
    }

    private void Work(int count)
    {
        ReadOnlySpan<ILocationChange> batch = _batch.AsSpan(0, count);
        committer.Commit(batch, _outcomes);
        committer.Complete(batch, _outcomes);
        _batch.AsSpan(0, count).Clear();
    }

    /// <summary>Waits for the next batch. 0: nobody came for a while; below 0: it is over.</summary>
    private int Next(int last, bool hasMore, Leisure leisure)
    {
        lock (_gate)
        {
            if (last >= Several && !hasMore)
            {
                Gather();
            }

            while (_waiting.Count == 0)
            {
                if (_stopping)
                {
                    return -1;
                }

                if (hasMore || (!Wait(1, Until(leisure)) && _waiting.Count == 0))
                {
                    return 0;
                }
            }

            int count = 0;
            while (count < LargestBatch && _waiting.TryDequeue(out ILocationChange? change))
            {
                _batch[count++] = change;
            }

            return count;
        }
    }

    private void Gather()
    {
        bool looks = --_untilLook < 0;
        int enough = looks ? FullBatch : _ofAPace;
        if (_waiting.Count < enough && !Wait(enough, Pace))
        {
            _ofAPace = _waiting.Count;
        }

        if (looks)
        {
            _untilLook = BatchesBetweenLooks;
        }
    }

    private static TimeSpan Until(Leisure leisure) => leisure switch
    {
        Leisure.None => Moment,
        Leisure.Moment => Long,
        _ => Timeout.InfiniteTimeSpan,
    };

    private bool Wait(int wakeAt, TimeSpan longest)
    {
        if (_stopping)
        {
            return true;
        }

        _wakeAt = wakeAt;
        bool woken = Monitor.Wait(_gate, longest);
        _wakeAt = int.MaxValue;
        return woken;
    }
}

/// <summary>Who commits batches. Never two at a time, but for <see cref="Complete(ILocationChange, CommitOutcome)"/>.</summary>
internal interface ICommitter
{
    /// <summary>Commits the changes in their order.</summary>
    void Commit(ReadOnlySpan<ILocationChange> batch, Span<CommitOutcome> outcomes);

    /// <summary>Tells the changes of a batch how they ended.</summary>
    void Complete(ReadOnlySpan<ILocationChange> batch, ReadOnlySpan<CommitOutcome> outcomes);

    /// <summary>Tells one change how it ended.</summary>
    void Complete(ILocationChange change, CommitOutcome outcome);

    /// <inheritdoc cref="ILocationStore.Tidy"/>
    bool Tidy(Leisure leisure);
}
