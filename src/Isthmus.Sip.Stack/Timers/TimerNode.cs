// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// A timer's place in a slot's ring. Those behind a <see cref="WheelTimer"/> are the wheel's and are used again, so a generation tells a
/// handle whether the node is still its own. One that was made with its callback belongs to whoever made it, and is started and stopped by
/// <see cref="TimerWheel.Start"/> and <see cref="TimerWheel.Stop"/>.
/// </summary>
internal sealed class TimerNode
{
    public TimerNode() => Next = Previous = this;

    public TimerNode(Action<object?> callback, object state)
        : this() => (Callback, State, IsOwned) = (callback, state, true);

    public TimerNode Next;
    public TimerNode Previous;
    public Action<object?>? Callback;
    public object? State;
    public long DueTick;
    public int Generation;

    /// <summary>Whether it is somebody's own, and so never goes to the wheel's pool.</summary>
    public readonly bool IsOwned;

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
