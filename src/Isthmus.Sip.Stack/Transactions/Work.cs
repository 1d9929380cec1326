// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>One event of a conversation: a cached delegate and what it works on, so that posting allocates nothing.</summary>
internal readonly struct Work(Action<object, object?, object?> run, object subject, object? argument = null, object? other = null)
{
    public void Run() => run(subject, argument, other);
}
