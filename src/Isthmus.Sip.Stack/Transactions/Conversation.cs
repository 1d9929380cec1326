// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The mailbox of the conversations whose Call-IDs share a hash, and their transactions. Whoever brings an event while nobody owns the
/// conversation owns it, and works this event and all that come meanwhile; otherwise the event is left to the owner. The lock
/// guards the queue only and is never held while an event is worked; owning and giving back alone need no lock. No thread is kept for
/// long: after some events the rest is left to the thread pool, so that a flood of one call takes neither the timers nor a receiver nor
/// the store's writer away from all others.
/// </summary>
internal sealed class Conversation : IThreadPoolWorkItem
{
    private static readonly Action<object, object?, object?> EndLingering = static (conversation, _, _) => ((Conversation)conversation).EndThoseDue();
    private static readonly Action<object, object?, object?> EndOne = static (transaction, _, _) => ((Transaction)transaction).EndLingering();
    private static readonly Action<object, object?, object?> FinishOne = static (transaction, _, _) => ((Transaction)transaction).Finish();

    private const int LongestTurn = 256;

    // Who changes anything to or from Waited has the lock.
    private const int Free = 0;
    private const int Owned = 1;
    private const int Waited = 2;

    private readonly ConversationTable _table;
    private readonly Lock _lock = new();
    private readonly List<SipMessage> _spent = [];
    private readonly List<Transaction> _finishing = [];
    private Queue<Work>? _waiting;
    private int _state;

    public Conversation(ConversationTable table, int number)
    {
        _table = table;
        Remembered = new Remembered(table.MaxLingering);
        Lingering = new LingerQueue(table.Timers, static conversation => ((Conversation)conversation!).Post(new Work(EndLingering, conversation!)), this, number);
    }

    /// <summary>The transactions; touched by the owner only.</summary>
    public TransactionMap<ServerTransaction> Servers { get; } = new();

    /// <summary>The transactions; touched by the owner only.</summary>
    public TransactionMap<ClientTransaction> Clients { get; } = new();

    /// <summary>Those of them that only wait for retransmissions; touched by the owner only.</summary>
    public LingerQueue Lingering { get; }

    /// <summary>Those that were answered, and are no objects any more; touched by the owner only.</summary>
    public Remembered Remembered { get; }

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting?.Count ?? 0;
            }
        }
    }

    /// <summary>Brings an event from below: after all that came before it. False: too many wait, it was not taken.</summary>
    public bool TryPost(in Work work) => Enter(work, _table.MaxWaiting);

    /// <summary>Brings an event that must not be lost, such as a timer; there are never more of them than transactions.</summary>
    public void Post(in Work work) => Enter(work, int.MaxValue);

    /// <summary>Works at once if the caller is this conversation's owner, as a call from inside a callback is; otherwise posts.</summary>
    public void Run(in Work work)
    {
        if (_table.Current == this)
        {
            work.Run();
        }
        else
        {
            Enter(work, int.MaxValue);
        }
    }

    /// <summary>Gives a message back when the event that is worked now has ended: until then somebody further out may look at it.</summary>
    public void DisposeLater(SipMessage message) => _spent.Add(message);

    /// <summary>Lets a transaction give back what it needs no longer when the event that is worked now has ended.</summary>
    public void FinishLater(Transaction transaction) => _finishing.Add(transaction);

    /// <summary>Ends all that there is, without a word to anybody. For the owner only.</summary>
    public void Forget()
    {
        foreach (var transaction in Servers.ToList().Concat<Transaction>(Clients.ToList()))
        {
            transaction.Forget();
        }

        Servers.Clear();
        Clients.Clear();
        Remembered.Clear();
    }

    private bool Enter(in Work work, int limit)
    {
        if (Interlocked.CompareExchange(ref _state, Owned, Free) == Free)
        {
            Own(work);
            return true;
        }

        return EnterBusy(work, limit);
    }

    private bool EnterBusy(in Work work, int limit)
    {
        lock (_lock)
        {
            while (Interlocked.CompareExchange(ref _state, Waited, Owned) == Free)
            {
                // Given back in this moment.
                if (Interlocked.CompareExchange(ref _state, Owned, Free) == Free)
                {
                    goto own;
                }
            }

            _waiting ??= new Queue<Work>();
            if (_waiting.Count >= limit)
            {
                return false;
            }

            _waiting.Enqueue(work);
            return true;
        }

    own:
        Own(work);
        return true;
    }

    private void Own(Work work)
    {
        // A callback may reach into another conversation: that one is then the current one until it is done.
        var outer = _table.Current;
        _table.Current = this;
        var turn = 0;
        try
        {
            do
            {
                _table.Work(work);
                EndEvent();
            }
            while (++turn < LongestTurn && TryTake(out work));
        }
        finally
        {
            _table.Current = outer;
        }

        if (turn == LongestTurn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false); // still owned
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (TryTake(out var work))
        {
            Own(work);
        }
    }

    private bool TryTake(out Work work)
    {
        work = default;
        if (Interlocked.CompareExchange(ref _state, Free, Owned) == Owned)
        {
            return false;
        }

        lock (_lock)
        {
            work = _waiting!.Dequeue();
            if (_waiting.Count == 0)
            {
                Volatile.Write(ref _state, Owned);
            }

            return true;
        }
    }

    private void EndEvent()
    {
        while (Lingering.Count > _table.MaxLingering)
        {
            _table.Work(new Work(EndOne, Lingering.TakeOldest()!));
        }

        // Who finishes tells its user, who may end something else.
        while (_spent.Count + _finishing.Count > 0)
        {
            foreach (var message in _spent)
            {
                message.Dispose();
            }

            _spent.Clear();
            for (var i = 0; i < _finishing.Count; i++)
            {
                _table.Work(new Work(FinishOne, _finishing[i]));
            }

            _finishing.Clear();
        }
    }

    private void EndThoseDue()
    {
        while (Lingering.TakeDue() is { } transaction)
        {
            _table.Work(new Work(EndOne, transaction));
        }

        Lingering.Rearm();
    }
}
