// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Messaging;

/// <summary>Lets somebody look at the mailboxes at the earliest time that anybody has asked for, on the thread of the timers.</summary>
/// <param name="stack">Whose timers those are.</param>
/// <param name="look">Looks.</param>
internal sealed class MailTimer(SipStack stack, Action look)
{
    private readonly Lock _lock = new();
    private WheelTimer? _timer;
    private long _due = long.MaxValue;
    private bool _isOpen;

    /// <summary>From now on it does.</summary>
    public void Open() => Volatile.Write(ref _isOpen, true);

    /// <summary>And does not any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            _timer?.Cancel();
        }
    }

    /// <summary>Runs something later, unless it is closed by then.</summary>
    public void Later(TimeSpan after, Action run)
    {
        if (Volatile.Read(ref _isOpen))
        {
            stack.Timers.Schedule(after, static run => ((Action)run!)(), run);
        }
    }

    /// <summary>Asks for a look then, in milliseconds since 1970; the largest number: for none.</summary>
    public void Set(long due)
    {
        lock (_lock)
        {
            if (due < _due && _isOpen)
            {
                _timer?.Cancel();
                _due = due;
                long wait = due - stack.Time.GetUtcNow().ToUnixTimeMilliseconds();
                _timer = stack.Timers.Schedule(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, (long)BackOff.Longest.TotalMilliseconds)), static timer => ((MailTimer)timer!).Due(), this);
            }
        }
    }

    // Whoever has something new is heard in his own time, and in nobody's lock.
    private void Due()
    {
        lock (_lock)
        {
            _due = long.MaxValue;
            if (!_isOpen)
            {
                return;
            }
        }

        look();
    }
}
