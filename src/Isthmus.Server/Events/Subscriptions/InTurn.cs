// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>Does something with very many subscriptions, some at a time: what it makes them send is no storm, and leaves room for calls.</summary>
internal sealed class InTurn
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SipStack _stack;
    private readonly IReadOnlyList<Subscription> _all;
    private readonly int _atATime;
    private readonly Action<Subscription> _action;
    private int _next;

    private InTurn(SipStack stack, IReadOnlyList<Subscription> all, int atATime, Action<Subscription> action) => (_stack, _all, _atATime, _action) = (stack, all, atATime, action);

    /// <summary>Begins with the first ones at once; the others follow in their order, as many every 50 ms.</summary>
    public static void Begin(SipStack stack, IReadOnlyList<Subscription> all, int atATime, Action<Subscription> action) => new InTurn(stack, all, atATime, action).GoOn();

    private void GoOn()
    {
        using SendBatch together = _stack.Gather();
        for (int left = _atATime; left > 0 && _next < _all.Count; left--)
        {
            _action(_all[_next++]);
        }

        if (_next < _all.Count)
        {
            _stack.Timers.Schedule(Pause, static turns => ((InTurn)turns!).GoOn(), this);
        }
    }
}
