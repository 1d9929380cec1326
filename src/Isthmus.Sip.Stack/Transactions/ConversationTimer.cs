// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>A timer that fires on the owner of a conversation. Made by <see cref="SipStack.RunIn(string, TimeSpan, Action)"/>.</summary>
public sealed class ConversationTimer
{
    private static readonly Action<object, object?, object?> Fire = static (subject, _, _) => ((ConversationTimer)subject).FireNow();

    private readonly Conversation _conversation;
    private WheelTimer _timer;
    private Action? _action;

    internal ConversationTimer(Conversation conversation, Action action)
    {
        _conversation = conversation;
        _action = action;
    }

    /// <summary>Cancels the timer. When called on the owner of the conversation, it surely does not run any more.</summary>
    public void Cancel()
    {
        Volatile.Write(ref _action, null);
        _timer.Cancel();
    }

    internal ConversationTimer Start(TimerWheel wheel, TimeSpan after)
    {
        _timer = wheel.Schedule(after, static state => ((ConversationTimer)state!).Post(), this);
        return this;
    }

    private void Post() => _conversation.Post(new Work(Fire, this));

    private void FireNow() => Interlocked.Exchange(ref _action, null)?.Invoke();
}
