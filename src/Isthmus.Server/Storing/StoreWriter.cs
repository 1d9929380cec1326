// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Storing;

/// <summary>
/// Writes what has to survive a crash, but for bindings, which have a journal of their own (docs/decisions/0047). Pieces of work are done one after the other,
/// and all that wait are one transaction: while one is being written, the next gathers. For a file there is a thread that waits for the disk; a database in
/// memory is written on the thread that posts, so that nobody has to wait for it.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int LargestBatch = 1024;

    private readonly object _gate = new();
    private readonly Queue<IStoreWork> _waiting = new();
    private readonly List<IStoreWork> _batch = [];
    private readonly string?[] _problems = new string?[LargestBatch];
    private readonly StoreTransaction _transaction;
    private readonly ILogger _logger;
    private readonly bool _hasThread;
    private Thread? _thread;
    private bool _isAtWork;
    private bool _isOver;

    private StoreWriter(StoreConnection store, bool hasThread, ILogger logger, int mostPending)
    {
        (Store, _hasThread, _logger, MostPending) = (store, hasThread, logger, mostPending);
        _transaction = new StoreTransaction(store, logger);
    }

    /// <summary>The connection, to read what an earlier run left: before <see cref="Start"/> and no later.</summary>
    public StoreConnection Store { get; }

    /// <summary>How many pieces may wait.</summary>
    public int MostPending { get; }

    /// <summary>Whether what is written outlives this run.</summary>
    public bool IsDurable => _hasThread;

    /// <summary>Opens a store.</summary>
    /// <param name="path">The file; null or <see cref="StoreOptions.Memory"/>: a database that is gone afterwards.</param>
    /// <param name="logger">The log.</param>
    /// <param name="mostPending">How many pieces may wait; one more is not taken.</param>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static StoreWriter Open(string? path, ILogger logger, int mostPending = 20_000)
    {
        bool isFile = path is not (null or StoreOptions.Memory);
        return new StoreWriter(new StoreConnection(isFile ? path : null), isFile, logger, mostPending);
    }

    /// <summary>From now on the store is the writer's.</summary>
    public void Start()
    {
        if (_hasThread && _thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "isthmus store writer" };
            _thread.Start();
        }
    }

    /// <summary>Hands a piece of work over, from any thread. False: too many wait, or the store is closed; nothing will be heard of it then.</summary>
    public bool TryPost(IStoreWork work)
    {
        lock (_gate)
        {
            if (_isOver || _waiting.Count >= MostPending)
            {
                return false;
            }

            _waiting.Enqueue(work);
            if (_hasThread)
            {
                Monitor.Pulse(_gate);
                return true;
            }

            if (_isAtWork)
            {
                return true; // whoever is at it does this one too
            }

            _isAtWork = true;
        }

        while (TryTake(wait: false))
        {
            WriteBatch();
        }

        return true;
    }

    /// <summary>Waits until everything that was posted by now is done. Not from a piece of work.</summary>
    public void Flush()
    {
        var mark = new Mark();
        if (TryPost(mark))
        {
            mark.Reached.Wait();
        }
    }

    /// <summary>Writes what waits, and closes the store.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
            while (!_hasThread && _isAtWork)
            {
                Monitor.Wait(_gate);
            }
        }

        _thread?.Join();
        Store.Dispose();
    }

    private void Run()
    {
        while (TryTake(wait: true))
        {
            WriteBatch();
        }
    }

    private bool TryTake(bool wait)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (!wait || _isOver)
                {
                    _isAtWork = false;
                    Monitor.PulseAll(_gate);
                    return false;
                }

                Monitor.Wait(_gate);
            }

            while (_batch.Count < LargestBatch && _waiting.TryDequeue(out IStoreWork? work))
            {
                _batch.Add(work);
            }

            return true;
        }
    }

    private void WriteBatch()
    {
        _transaction.Write(CollectionsMarshal.AsSpan(_batch), _problems.AsSpan(0, _batch.Count));
        StoreLog.Written(_logger, _batch.Count);
        for (int i = 0; i < _batch.Count; i++)
        {
            Complete(_batch[i], _problems[i]);
        }

        _batch.Clear();
    }

    private void Complete(IStoreWork work, string? problem)
    {
        try
        {
            work.Done(problem);
        }
#pragma warning disable CA1031 // One faulty piece must not end the writer that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            StoreLog.Faulted(_logger, fault, work.GetType().Name);
        }
    }

    private sealed class Mark : IStoreWork
    {
        private readonly TaskCompletionSource _reached = new();

        public Task Reached => _reached.Task;

        public void Write(StoreConnection store)
        {
        }

        public void Done(string? problem) => _reached.SetResult();
    }
}
