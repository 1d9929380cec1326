// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Timers by the hundred thousand: scheduling and cancelling cost the same however many there are. One timer of the
/// <see cref="TimeProvider"/> drives the wheel and is armed only for the next instant at which there is something to do, so that
/// an idle process sleeps.
/// </summary>
/// <remarks>
/// A hierarchical wheel of four levels: 256 slots of one tick, then three levels of 64 slots, each slot as long as the whole level
/// below. Timers beyond the last level (about 7 days at 10 ms) stay in its farthest slot and are placed again when it comes up.
/// A timer never runs early; it runs at most one tick late, with the system's clock two, plus what the provider's timer is late. Callbacks run one after the
/// other, outside the wheel's lock, and must not block: they delay all others.
/// </remarks>
public sealed class TimerWheel : IDisposable
{
    private const int Levels = 4;
    private const int NearBits = 8;
    private const int FarBits = 6;
    private const int NearSlots = 1 << NearBits;
    private const int FarSlots = 1 << FarBits;
    private const int PoolLimit = 16384;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _tickLength;
    private readonly long _start;
    private readonly long _behind;
    private readonly ITimer _driver;
    private readonly TimerNode[] _slots = new TimerNode[NearSlots + ((Levels - 1) * FarSlots)];
    private readonly ulong[] _near = new ulong[NearSlots / 64];
    private readonly ulong[] _far = new ulong[Levels];
    private readonly TimerNode _due = new();
    private TimerNode? _pool;
    private int _pooled;
    private int _count;
    private long _current;
    private long _armed = long.MaxValue;
    private bool _running;
    private bool _disposed;

    /// <summary>Makes an empty wheel.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="tick">The length of a tick, at least 1 ms; 10 ms when null.</param>
    public TimerWheel(TimeProvider time, TimeSpan? tick = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        var length = tick ?? TimeSpan.FromMilliseconds(10);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.FromMilliseconds(1), nameof(tick));
        _time = CoarseTime.InsteadOf(time);
        _behind = _time == time ? 0 : CoarseTime.Grain.Ticks;
        _tickLength = length.Ticks;
        _start = _time.GetTimestamp();
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new TimerNode();
        }
        _driver = time.CreateTimer(static wheel => ((TimerWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The network by which the callbacks send: what they send in one turn goes out together.</summary>
    internal INetwork? Gathering { get; init; }

    /// <summary>How many timers are waiting.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Runs <paramref name="callback"/> once, on or after <paramref name="due"/> from now.</summary>
    /// <param name="due">From now; zero and less mean the next tick. More than 20 years count as 20 years.</param>
    /// <param name="callback">What to run; it must not block or throw.</param>
    /// <param name="state">What to give to it.</param>
    /// <returns>The timer, to cancel it. After <see cref="Dispose"/>: no timer, and nothing will run.</returns>
    public WheelTimer Schedule(TimeSpan due, Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var wait = Math.Clamp(due.Ticks, 0, TimeSpan.TicksPerDay * 366 * 20);
        lock (_lock)
        {
            if (_disposed)
            {
                return default;
            }
            var elapsed = Elapsed;
            var node = Rent();
            node.Callback = callback;
            node.State = state;
            Insert(node, FirstTickFrom(elapsed + wait), elapsed / _tickLength);
            return new WheelTimer(this, node);
        }
    }

    /// <summary>The tick that has come.</summary>
    internal long Now => Elapsed / _tickLength;

    /// <summary>How many whole ticks a time is, one at least.</summary>
    internal long TicksIn(TimeSpan time) => Math.Max(1, time.Ticks / _tickLength);

    /// <summary>The first tick that is not before <paramref name="due"/> from now.</summary>
    internal long TickAfter(TimeSpan due) => FirstTickFrom(Elapsed + due.Ticks);

    /// <summary>Runs the callback of a node that is its user's own at a tick, or at the next one if that is past.</summary>
    /// <returns>Whether it was waiting already, and has been moved.</returns>
    internal bool Start(TimerNode node, long dueTick)
    {
        lock (_lock)
        {
            var wasWaiting = !node.IsAlone;
            if (wasWaiting)
            {
                Remove(node);
            }
            if (!_disposed)
            {
                Insert(node, dueTick, Now);
            }
            return wasWaiting;
        }
    }

    /// <summary>Takes a node that is its user's own away. False: it does not wait; its callback ran, or runs just now.</summary>
    internal bool Stop(TimerNode node)
    {
        lock (_lock)
        {
            if (node.IsAlone)
            {
                return false;
            }
            Remove(node);
            return true;
        }
    }

    internal bool Cancel(TimerNode node, int generation)
    {
        lock (_lock)
        {
            if (node.Generation != generation)
            {
                return false;
            }
            Remove(node);
            Return(node);
            return true;
        }
    }

    /// <summary>Stops the wheel: no callback starts any more. One that runs just now ends by itself.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
        _driver.Dispose();
    }

    private long Elapsed => _time.GetElapsedTime(_start).Ticks;

    // It may be later than the clock says, so that a timer waits for that too.
    private long FirstTickFrom(long ticks) => (ticks + _behind + _tickLength - 1) / _tickLength;

    private void Insert(TimerNode node, long dueTick, long now)
    {
        if (now < _armed && !_running)
        {
            _current = Math.Max(_current, now); // nothing happens before _armed, so the hand may jump
        }
        node.DueTick = Math.Max(dueTick, now + 1);
        _count++;
        var wake = Place(node);
        if (wake < _armed && !_running)
        {
            Arm(wake);
        }
    }

    private void Turn()
    {
        lock (_lock)
        {
            if (_running || _disposed)
            {
                return; // the turn in progress looks at the clock again before it ends
            }
            _running = true;
            _armed = long.MaxValue;
        }
        try
        {
            using var batch = Gathering is { } network ? network.Gather() : default;
            while (TakeDue() is var (callback, state))
            {
                callback(state);
            }
        }
        finally
        {
            lock (_lock)
            {
                _running = false;
                var next = _due.IsAlone ? NextEvent() : _current + 1;
                if (next != long.MaxValue && !_disposed)
                {
                    Arm(next);
                }
            }
        }
    }

    private (Action<object?> Callback, object? State)? TakeDue()
    {
        lock (_lock)
        {
            while (_due.IsAlone)
            {
                var next = NextEvent();
                var now = Now;
                if (next > now)
                {
                    _current = Math.Max(_current, now);
                    return null;
                }
                _current = next;
                Cascade();
            }
            if (_disposed)
            {
                return null;
            }
            var node = _due.Next;
            var taken = (node.Callback!, node.State);
            Remove(node);
            if (!node.IsOwned)
            {
                Return(node);
            }
            return taken;
        }
    }

    /// <summary>The hand has come to <see cref="_current"/>: far slots that begin here are placed anew, the near slot is due.</summary>
    private void Cascade()
    {
        for (var level = Levels - 1; level >= 1; level--)
        {
            var shift = Shift(level);
            if ((_current & ((1L << shift) - 1)) == 0)
            {
                var slot = SlotOf(level, _current >> shift);
                var head = _slots[slot];
                while (!head.IsAlone)
                {
                    var node = head.Next;
                    Remove(node, counted: false);
                    Place(node); // on a lower level, or in the farthest slot of the last one: never in this ring again
                }
            }
        }
        var near = _slots[(int)(_current & (NearSlots - 1))];
        while (!near.IsAlone)
        {
            var node = near.Next;
            Remove(node, counted: false);
            _due.Append(node);
        }
    }

    /// <summary>Puts a node into its slot; answers the tick at which that slot needs attention.</summary>
    private long Place(TimerNode node)
    {
        var due = Math.Max(node.DueTick, _current);
        var level = 0;
        var shift = 0;
        var at = due;
        if (due - _current >= NearSlots)
        {
            do
            {
                level++;
                shift = Shift(level);
                at = due >> shift;
            }
            while (level < Levels - 1 && at - (_current >> shift) >= FarSlots);
            at = Math.Min(at, (_current >> shift) + FarSlots - 1);
        }
        node.Slot = SlotOf(level, at);
        _slots[node.Slot].Append(node);
        Mark(node.Slot, true);
        return at << shift;
    }

    private void Remove(TimerNode node, bool counted = true)
    {
        node.Unlink();
        if (node.Slot >= 0 && _slots[node.Slot].IsAlone)
        {
            Mark(node.Slot, false);
        }
        node.Slot = -1;
        if (counted)
        {
            _count--;
        }
    }

    /// <summary>The next tick with a due slot or a far slot to place anew; the largest value when there is none.</summary>
    private long NextEvent()
    {
        var next = long.MaxValue;
        if (_count == 0)
        {
            return next;
        }
        for (var step = 0; step <= _near.Length; step++)
        {
            // From the hand to the end of its word, whole words, and round again to the beginning of the hand's word.
            var word = (int)(((_current >> 6) + step) & (_near.Length - 1));
            var from = (int)(_current & 63);
            var bits = _near[word] & (step == 0 ? ulong.MaxValue << from : step == _near.Length ? (1UL << from) - 1 : ulong.MaxValue);
            if (bits != 0)
            {
                next = (((_current >> 6) + step) << 6) + BitOperations.TrailingZeroCount(bits);
                break;
            }
        }
        for (var level = 1; level < Levels; level++)
        {
            if (_far[level] != 0)
            {
                var shift = Shift(level);
                var hand = _current >> shift;
                // Bit 0 of the turned word is the slot after the hand's own, which is empty.
                var turned = BitOperations.RotateRight(_far[level], (int)((hand + 1) & (FarSlots - 1)));
                next = Math.Min(next, (hand + 1 + BitOperations.TrailingZeroCount(turned)) << shift);
            }
        }
        return next;
    }

    private void Arm(long tick)
    {
        _armed = tick;
        var wait = (tick * _tickLength) - Elapsed;
        // The framework's timers count whole milliseconds and cut off the rest: round up, or one wakes too early.
        var milliseconds = Math.Max(1, (wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        _driver.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void Mark(int slot, bool occupied)
    {
        ref var word = ref slot < NearSlots ? ref _near[slot >> 6] : ref _far[1 + ((slot - NearSlots) >> FarBits)];
        var bit = 1UL << (slot & 63);
        word = occupied ? word | bit : word & ~bit;
    }

    private TimerNode Rent()
    {
        if (_pool is not { } node)
        {
            return new TimerNode();
        }
        _pool = ReferenceEquals(node.Next, node) ? null : node.Next;
        node.Next = node;
        _pooled--;
        return node;
    }

    private void Return(TimerNode node)
    {
        node.Generation++;
        node.Callback = null;
        node.State = null;
        if (_pooled < PoolLimit)
        {
            node.Next = _pool ?? node;
            _pool = node;
            _pooled++;
        }
    }

    private static int Shift(int level) => NearBits + ((level - 1) * FarBits);

    private static int SlotOf(int level, long at) =>
        level == 0 ? (int)(at & (NearSlots - 1)) : NearSlots + ((level - 1) * FarSlots) + (int)(at & (FarSlots - 1));
}
