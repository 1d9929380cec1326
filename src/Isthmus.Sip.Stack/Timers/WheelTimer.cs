// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>A timer that was scheduled on a <see cref="TimerWheel"/>. The default value is no timer; cancelling it does nothing.</summary>
public readonly struct WheelTimer
{
    private readonly TimerWheel? _wheel;
    private readonly TimerNode? _node;
    private readonly int _generation;

    internal WheelTimer(TimerWheel wheel, TimerNode node)
    {
        _wheel = wheel;
        _node = node;
        _generation = node.Generation;
    }

    /// <summary>Cancels in constant time. True: the callback will not run. False: it ran, runs just now, or was cancelled before.</summary>
    public bool Cancel() => _node is not null && _wheel!.Cancel(_node, _generation);
}

/// <summary>A timer's place in a slot's ring; pooled, so a generation tells a handle whether the node is still its own.</summary>
internal sealed class TimerNode
{
    public TimerNode() => Next = Previous = this;

    public TimerNode Next;
    public TimerNode Previous;
    public Action<object?>? Callback;
    public object? State;
    public long DueTick;
    public int Generation;

    /// <summary>The slot's number over all levels; -1 for a ring that is being fired.</summary>
    public int Slot = -1;

    public bool IsAlone => ReferenceEquals(Next, this);

    public void Unlink()
    {
        Previous.Next = Next;
        Next.Previous = Previous;
        Next = Previous = this;
    }

    /// <summary>Links <paramref name="node"/> in as the last of the ring whose head this is.</summary>
    public void Append(TimerNode node)
    {
        node.Previous = Previous;
        node.Next = this;
        Previous.Next = node;
        Previous = node;
    }
}
