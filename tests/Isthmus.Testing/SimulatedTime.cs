// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Testing;

/// <summary>
/// A clock that stands still until it is told to move, and knows when its next timer is due: a pump can jump from timer to timer,
/// so that an hour of silence costs nothing. Timers never run from inside <see cref="ITimer.Change"/>, and run in the order of
/// their due times, then of their arming.
/// </summary>
public sealed class SimulatedTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Timer Timer, int Arming), (long Due, long Order)> _queue = new();
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _order;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due; null when none waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                while (_queue.TryPeek(out var head, out var priority))
                {
                    if (head.Timer.IsCurrent(head.Arming))
                    {
                        return new DateTimeOffset(priority.Due, TimeSpan.Zero);
                    }
                    _queue.Dequeue();
                }
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Jumps to the next timer and runs it. False when none is due until <paramref name="limit"/>; the clock then stays.</summary>
    public bool RunNext(DateTimeOffset limit)
    {
        if (NextDue is not { } due || due > limit)
        {
            return false;
        }
        Timer timer;
        lock (_lock)
        {
            timer = _queue.Dequeue().Timer;
            _now = due > _now ? due : _now;
        }
        timer.Fire();
        return true;
    }

    /// <summary>Moves on, running what comes due on the way, each at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (RunNext(until))
        {
        }
        lock (_lock)
        {
            _now = until;
        }
    }

    private void Queue(Timer timer, int arming, TimeSpan wait)
    {
        lock (_lock)
        {
            _queue.Enqueue((timer, arming), ((_now + wait).Ticks, _order++));
        }
    }

    private sealed class Timer(SimulatedTime owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private int _arming;
        private bool _armed;
        private bool _disposed;

        public bool IsCurrent(int arming) => _armed && arming == _arming;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }
            _arming++;
            _period = period;
            _armed = dueTime != Timeout.InfiniteTimeSpan;
            if (_armed)
            {
                owner.Queue(this, _arming, dueTime);
            }
            return true;
        }

        public void Fire()
        {
            _armed = false;
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }
            callback(state);
        }

        public void Dispose()
        {
            _disposed = true;
            _armed = false;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
