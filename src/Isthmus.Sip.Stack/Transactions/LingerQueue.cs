// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// The answered transactions of a conversation, which only wait for retransmissions: for each length of that wait a queue, so that the first of it is
/// the first to end, and one timer for all. They end up to a tenth of a second late, so that many end in one event. Used by the conversation's owner only.
/// </summary>
internal sealed class LingerQueue
{
    private const long Never = long.MaxValue;
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(100);

    private readonly TimerWheel _wheel;
    private readonly TimerNode _timer;
    private readonly long _grain;
    private readonly long _phase;
    private readonly Queue<(Transaction Transaction, long Due)>[] _queues = [new(), new(), new()];
    private long _timerDue = Never;

    /// <param name="wheel">The timers.</param>
    /// <param name="due">Runs, on a thread of the timers, when <see cref="TakeDue"/> is worth calling.</param>
    /// <param name="conversation">What to give to it.</param>
    /// <param name="number">The conversation's: not all of them end theirs at once.</param>
    public LingerQueue(TimerWheel wheel, Action<object?> due, object conversation, int number)
    {
        _wheel = wheel;
        _timer = new TimerNode(due, conversation);
        _grain = wheel.TicksIn(Lateness);
        _phase = number % _grain;
    }

    public int Count { get; private set; }

    /// <summary>Keeps a transaction until a tick.</summary>
    public void Add(Transaction transaction, TransactionTimer timer, long due)
    {
        transaction.IsLingering = true;
        var queue = timer switch
        {
            TransactionTimer.I or TransactionTimer.K => 0, // T4
            TransactionTimer.D => 1, // 32 s at least
            _ => 2, // 64·T1
        };
        _queues[queue].Enqueue((transaction, due));
        Count++;
        SetTimer(due);
    }

    /// <summary>The next one whose time is over; null when there is none.</summary>
    public Transaction? TakeDue()
    {
        var now = _wheel.Now;
        foreach (var queue in _queues)
        {
            if (queue.TryPeek(out var first) && first.Due <= now)
            {
                return Take(queue);
            }
        }

        return null;
    }

    /// <summary>The oldest one of those that are the most; null when there is none.</summary>
    public Transaction? TakeOldest()
    {
        var most = _queues[0];
        foreach (var queue in _queues)
        {
            most = queue.Count > most.Count ? queue : most;
        }

        return most.Count == 0 ? null : Take(most);
    }

    /// <summary>The timer fired, and what was due was taken.</summary>
    public void Rearm()
    {
        _timerDue = Never;
        foreach (var queue in _queues)
        {
            if (queue.TryPeek(out var first))
            {
                SetTimer(first.Due);
            }
        }
    }

    private Transaction Take(Queue<(Transaction Transaction, long Due)> queue)
    {
        var taken = queue.Dequeue().Transaction;
        taken.IsLingering = false;
        Count--;
        return taken;
    }

    private void SetTimer(long due)
    {
        if (due < _timerDue)
        {
            _timerDue = ((due - _phase + _grain - 1) / _grain * _grain) + _phase;
            _wheel.Start(_timer, _timerDue);
        }
    }
}
