// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The mailbox of the conversations whose Call-IDs share a hash, and their transactions. Whoever brings an event while nobody owns the
/// conversation owns it, and works this event and all that come meanwhile; otherwise the event is left to the owner. The lock
/// guards the queue only and is never held while an event is worked. No thread is kept for long: after some events the rest is left to
/// the thread pool, so that a flood of one call takes neither the timers nor a receiver nor the store's writer away from all others.
/// </summary>
internal sealed class Conversation(ConversationTable table) : IThreadPoolWorkItem
{
    private const int LongestTurn = 256;

    private readonly Lock _lock = new();
    private Queue<Work>? _waiting;
    private bool _owned;

    /// <summary>The transactions; touched by the owner only.</summary>
    public Dictionary<TransactionKey, ServerTransaction> Servers { get; } = [];

    /// <summary>The transactions; touched by the owner only.</summary>
    public Dictionary<TransactionKey, ClientTransaction> Clients { get; } = [];

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
    public bool TryPost(in Work work) => Enter(work, table.MaxWaiting);

    /// <summary>Brings an event that must not be lost, such as a timer; there are never more of them than transactions.</summary>
    public void Post(in Work work) => Enter(work, int.MaxValue);

    /// <summary>Works at once if the caller is this conversation's owner, as a call from inside a callback is; otherwise posts.</summary>
    public void Run(in Work work)
    {
        if (table.Current == this)
        {
            work.Run();
        }
        else
        {
            Enter(work, int.MaxValue);
        }
    }

    private bool Enter(in Work work, int limit)
    {
        lock (_lock)
        {
            if (_owned)
            {
                _waiting ??= new Queue<Work>();
                if (_waiting.Count >= limit)
                {
                    return false;
                }

                _waiting.Enqueue(work);
                return true;
            }

            _owned = true;
        }

        Own(work);
        return true;
    }

    private void Own(Work work)
    {
        // A callback may reach into another conversation: that one is then the current one until it is done.
        var outer = table.Current;
        table.Current = this;
        var turn = 0;
        try
        {
            do
            {
                table.Work(work);
            }
            while (++turn < LongestTurn && TryTake(out work));
        }
        finally
        {
            table.Current = outer;
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
        lock (_lock)
        {
            if (_waiting is not null && _waiting.TryDequeue(out work))
            {
                return true;
            }

            work = default;
            _owned = false;
            return false;
        }
    }
}
