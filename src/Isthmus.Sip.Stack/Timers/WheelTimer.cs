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
