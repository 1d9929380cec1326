// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Which threads of one network gather what they send, and the buffers for it.</summary>
#pragma warning disable CA1001 // A network has no end, and threads may be on their way out; the thread-local value goes with the network.
internal sealed class Gatherings
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly Stack<Gathering> _free = new();
    private readonly ThreadLocal<Gathering?> _current = new();

    /// <summary>What this thread gathers into; null when it sends at once.</summary>
    public Gathering? Current => _current.Value;

    /// <summary>Begins a batch on this thread.</summary>
    /// <param name="own">The thread's own buffers, if it has any; else it borrows some.</param>
    public SendBatch Begin(Gathering? own = null)
    {
        var gathering = _current.Value;
        if (gathering is null)
        {
            gathering = own ?? Borrow();
            _current.Value = gathering;
        }
        gathering.Depth++;
        return new SendBatch(this);
    }

    /// <summary>Ends what this thread began last.</summary>
    public void End()
    {
        var gathering = _current.Value!;
        if (gathering.Depth > 1)
        {
            gathering.Depth--;
            return;
        }
        gathering.Flush();
        gathering.Depth = 0;
        _current.Value = null;
        if (gathering.Home is null)
        {
            lock (_lock)
            {
                _free.Push(gathering);
            }
        }
    }

    private Gathering Borrow()
    {
        lock (_lock)
        {
            return _free.TryPop(out var free) ? free : new Gathering(home: null);
        }
    }
}
