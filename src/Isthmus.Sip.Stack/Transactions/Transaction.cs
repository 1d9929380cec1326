// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What client and server transactions have in common: their conversation, their place in it, and their time.</summary>
/// <remarks>
/// A transaction has three deadlines and one timer, set for the earliest. A deadline that is taken back or put off leaves the timer where it
/// is: it then fires once for nothing, which is cheaper than moving it with every message. Everything here is for
/// the owner of the conversation.
/// </remarks>
public abstract class Transaction : Outgoing
{
    private const long Never = long.MaxValue;

    private static readonly Action<object, object?, object?> TakeTime = static (subject, _, _) => ((Transaction)subject).TimeHasCome();

    private readonly TimerNode _timer;
    private long _timerDue = Never;
    private long _retransmissionDue = Never;
    private long _expiryDue = Never;
    private long _userDue = Never;
    private int _firingsUnderWay;
    private bool _pending;
    private bool _isInEvent;
    private bool _isFinishing;
    private bool _hasEnded;
    private TransactionTimer _lingers;
    private long _lingersUntil;

    internal Transaction(TransactionLayer layer)
    {
        Layer = layer;
        Conversation = null!;
        _timer = new TimerNode(static state => ((Transaction)state!).PostTime(), this);
    }

    /// <summary>The method of the request.</summary>
    public SipMethod Method { get; private protected set; }

    /// <summary>The state of RFC 3261 and RFC 6026.</summary>
    public TransactionState State => IsOver ? TransactionState.Terminated : MachineState;

    /// <summary>Anything the user wants to find again in its callbacks.</summary>
    public object? Tag { get; set; }

    internal ulong Key { get; private protected set; }

    /// <summary>The next one in the pool.</summary>
    internal Transaction? NextInPool { get; set; }

    /// <summary>Whether it is in the conversation's queue of those that only wait for retransmissions.</summary>
    internal bool IsLingering { get; set; }

    private protected TransactionLayer Layer { get; }

    private protected Conversation Conversation { get; private set; }

    private protected bool IsOver { get; private set; }

    private protected abstract TransactionState MachineState { get; }

    private protected abstract bool IsPending { get; }

    /// <summary>
    /// Lets the user of this transaction hear after a time, on the owner of the conversation. There is one such timer: setting it again
    /// moves it; it ends with the transaction. For the owner only.
    /// </summary>
    /// <param name="after">From now; zero and less mean the next tick of the stack's timers.</param>
    public void SetTimer(TimeSpan after)
    {
        if (!IsOver)
        {
            _userDue = Layer.Timers.TickAfter(after > TimeSpan.Zero ? after : TimeSpan.Zero);
            FollowTime();
        }
    }

    /// <summary>Stops the user's timer: it surely does not fire any more. For the owner only.</summary>
    public void StopTimer() => _userDue = Never;

    /// <summary>Ends it without a word to the peer.</summary>
    private protected abstract void End();

    /// <summary>Ends it without a word to anybody: nothing will come any more, no time either.</summary>
    internal void Forget() => Settle(new(TransactionActions.Terminate));

    /// <summary>The event has ended: what is not needed any more goes back, and the transaction itself when it is over.</summary>
    internal void Finish()
    {
        if (_lingers != TransactionTimer.None && !IsOver)
        {
            Linger(); // it may end in this, and then it finishes here
        }

        _isFinishing = false;
        ReleaseAnswered();

        // Whoever may still be found by something under way is left to the garbage collector.
        if (_hasEnded && !IsLingering && _firingsUnderWay == 0 && !WasReported)
        {
            Recycle();
        }
    }

    /// <summary>As if new, in a conversation.</summary>
    private protected void Begin(Conversation conversation)
    {
        Renew();
        Conversation = conversation;
        IsOver = _isInEvent = _hasEnded = false;
        _lingers = TransactionTimer.None;
    }

    /// <summary>
    /// Whether its user is to hear of what comes again after the answer. Else, where transactions are pooled, it ends with the event that answered it, and
    /// only what a retransmission needs stays.
    /// </summary>
    private protected abstract bool StaysWhole { get; }

    /// <summary>Leaves what a retransmission needs.</summary>
    private protected abstract void Remember(Remembered remembered, long due);

    private protected abstract void ReleaseAnswered();

    private protected abstract void Recycle();

    private protected void FinishLater()
    {
        if (Layer.IsPooling && !_isFinishing)
        {
            _isFinishing = true;
            Conversation.FinishLater(this);
        }
    }

    /// <summary>The user was told that it is over, and it was answered: nobody outside holds it any more.</summary>
    private protected void MayBeRecycled()
    {
        _hasEnded = true;
        FinishLater();
    }

    private protected abstract void TimerFired(bool retransmission);

    private protected abstract void UserTimerFired();

    private protected void Post(Action<object, object?, object?> run, object? argument, object? other = null) => Conversation.Post(new Work(run, this, argument, other));

    /// <summary>What the effects mean for time, for those that count, and for the table.</summary>
    private protected void Settle(in TransactionEffects effects)
    {
        if (effects.Has(TransactionActions.Terminate))
        {
            IsOver = true;
        }
        else
        {
            SetDeadlines(effects);
        }

        Layer.Unanswered.Note(ref _pending, !IsOver && IsPending);
        if (IsOver)
        {
            StopTime();
            Done();
        }
        else if (effects.Expiry.Timer is TransactionTimer.D or TransactionTimer.I or TransactionTimer.J or TransactionTimer.K or TransactionTimer.L or TransactionTimer.M)
        {
            // Nothing but retransmissions is awaited from now on.
            (_lingers, _lingersUntil, _expiryDue) = (effects.Expiry.Timer, _expiryDue, Never);
            if (Layer.IsPooling)
            {
                FinishLater(); // its user may still say what it wants
            }
            else
            {
                Linger();
            }

            Watch?.Remove(this);
            if (NextDue == Never)
            {
                StopTime(); // it would surely fire for nothing
            }
        }
    }

    /// <summary>Its time of waiting for retransmissions is over, or its place is needed.</summary>
    internal void EndLingering()
    {
        if (IsOver)
        {
            FinishLater(); // it ended before its time, but stayed in the queue
        }
        else
        {
            End();
        }
    }

    private protected void StopRetransmitting() => _retransmissionDue = Never;

    private void Linger()
    {
        if (Layer.IsPooling && !StaysWhole)
        {
            Remember(Conversation.Remembered, _lingersUntil);
            End();
        }
        else
        {
            Conversation.Lingering.Add(this, _lingers, _lingersUntil);
        }

        _lingers = TransactionTimer.None;
    }

    /// <summary>The pending count as it is after an event without effects.</summary>
    private protected void CountPending() => Layer.Unanswered.Note(ref _pending, !IsOver && IsPending);

    /// <summary>The timer is set when the user was told: what it does then often makes one needless. An event inside another one leaves that to the outer.</summary>
    private protected bool EnterEvent()
    {
        var outer = !_isInEvent;
        _isInEvent = true;
        return outer;
    }

    private protected void LeaveEvent(bool outer)
    {
        if (outer)
        {
            _isInEvent = false;
            FollowTime();
        }
    }

    private long NextDue => Math.Min(_retransmissionDue, Math.Min(_expiryDue, _userDue));

    private void SetDeadlines(in TransactionEffects effects)
    {
        if (effects.Retransmission.Timer != TransactionTimer.None)
        {
            _retransmissionDue = Layer.Timers.TickAfter(effects.Retransmission.Due);
        }
        else if (effects.Has(TransactionActions.StopRetransmission))
        {
            _retransmissionDue = Never;
        }

        if (effects.Expiry.Timer != TransactionTimer.None)
        {
            _expiryDue = Layer.Timers.TickAfter(effects.Expiry.Due);
        }
        else if (effects.Has(TransactionActions.StopExpiry))
        {
            _expiryDue = Never;
        }
    }

    private void FollowTime()
    {
        if (NextDue < _timerDue && !_isInEvent && !IsOver)
        {
            MoveTimer(NextDue);
        }
    }

    private void MoveTimer(long due)
    {
        var wasWaiting = Layer.Timers.Start(_timer, due);
        if (_timerDue != Never && !wasWaiting)
        {
            _firingsUnderWay++;
        }

        _timerDue = due;
    }

    private void StopTime()
    {
        _retransmissionDue = _expiryDue = _userDue = Never;
        if (_timerDue != Never && !Layer.Timers.Stop(_timer))
        {
            _firingsUnderWay++;
        }

        _timerDue = Never;
    }

    // On the thread of the timers. Whoever is recycled has no firing under way: the conversation is still the one it was set in.
    private void PostTime() => Conversation.Post(new Work(TakeTime, this));

    private void TimeHasCome()
    {
        if (_firingsUnderWay > 0)
        {
            _firingsUnderWay--; // of a timer that was moved or stopped meanwhile
        }
        else
        {
            _timerDue = Never;
        }

        if (IsOver)
        {
            return;
        }

        var outer = EnterEvent();
        try
        {
            Fire(Layer.Timers.Now);
        }
        finally
        {
            LeaveEvent(outer);
        }
    }

    private void Fire(long now)
    {
        if (_retransmissionDue <= now)
        {
            _retransmissionDue = Never;
            TimerFired(retransmission: true);
        }

        if (_expiryDue <= now)
        {
            _expiryDue = Never;
            TimerFired(retransmission: false);
        }

        if (_userDue <= now)
        {
            _userDue = Never;
            UserTimerFired();
        }
    }
}
