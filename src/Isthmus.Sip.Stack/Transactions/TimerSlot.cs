// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// One timer of a transaction, touched by the owner of the conversation only. A timer that fired may already wait in the mailbox
/// when the owner stops it: such a firing is recognised when its turn comes, and means nothing then.
/// </summary>
internal struct TimerSlot
{
    private WheelTimer _timer;
    private bool _runs;
    private int _stale;

    public void Start(TimerWheel wheel, TimeSpan due, Action<object?> fired, object state)
    {
        Stop();
        _timer = wheel.Schedule(due, fired, state);
        _runs = true;
    }

    public void Stop()
    {
        if (_runs && !_timer.Cancel())
        {
            _stale++;
        }

        _runs = false;
    }

    /// <summary>A firing has come to the owner: whether it counts.</summary>
    public bool Take()
    {
        if (_stale > 0)
        {
            _stale--;
            return false;
        }

        var counts = _runs;
        _runs = false;
        return counts;
    }
}

/// <summary>The two timers of a transaction.</summary>
internal struct TransactionTimers
{
    private TimerSlot _retransmission;
    private TimerSlot _expiry;

    /// <summary>Starts and stops what the effects say.</summary>
    public void Apply(TransactionEffects effects, TimerWheel wheel, object transaction, Action<object?> retransmissionDue, Action<object?> expiryDue)
    {
        const TransactionActions EndRetransmission = TransactionActions.StopRetransmission | TransactionActions.Terminate;
        const TransactionActions EndExpiry = TransactionActions.StopExpiry | TransactionActions.Terminate;
        Set(ref _retransmission, effects.Retransmission, effects.Has(EndRetransmission), wheel, transaction, retransmissionDue);
        Set(ref _expiry, effects.Expiry, effects.Has(EndExpiry), wheel, transaction, expiryDue);
    }

    /// <summary>A firing of one of the two has come to the owner: whether it counts.</summary>
    public bool Take(bool retransmission) => retransmission ? _retransmission.Take() : _expiry.Take();

    private static void Set(ref TimerSlot slot, TimerStart start, bool stop, TimerWheel wheel, object transaction, Action<object?> due)
    {
        if (start.Timer != TransactionTimer.None)
        {
            slot.Start(wheel, start.Due, due, transaction);
        }
        else if (stop)
        {
            slot.Stop();
        }
    }
}
