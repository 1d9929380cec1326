// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>
/// The messages that are known again when they come again: those that wait, and those that are over, for some minutes. Changed under the lock of <see cref="Mailboxes"/>;
/// whether one is known is asked in none, for each message.
/// </summary>
internal sealed class RememberedMessages
{
    /// <summary>How long a message is known after it is over: longer than any sender repeats it.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ulong, StoredMessage> _byKey = new();
    private readonly Queue<(ulong Key, long Over)> _over = new();
    private int _count;

    /// <summary>How many are known. At any time.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether there is one with that key. At any time.</summary>
    public bool TryFind(ulong key, [NotNullWhen(true)] out StoredMessage? message) => _byKey.TryGetValue(key, out message);

    /// <summary>One more.</summary>
    public void Add(StoredMessage message)
    {
        if (_byKey.TryAdd(message.Key, message))
        {
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>One was never stored.</summary>
    public void Remove(StoredMessage message) => Forget(message.Key);

    /// <summary>One is over since then.</summary>
    public void End(StoredMessage message, long now) => _over.Enqueue((message.Key, now));

    /// <summary>Forgets those that have been over for long. True: there were some.</summary>
    public bool Forget(long now)
    {
        bool any = false;
        while (_over.TryPeek(out (ulong Key, long Over) first) && first.Over <= now - (long)Time.TotalMilliseconds)
        {
            _over.Dequeue();
            Forget(first.Key);
            any = true;
        }

        return any;
    }

    /// <summary>When there is something to forget; the largest number: nothing.</summary>
    public long NextDue => _over.TryPeek(out (ulong Key, long Over) first) ? first.Over + (long)Time.TotalMilliseconds : long.MaxValue;

    private void Forget(ulong key)
    {
        if (_byKey.TryRemove(key, out _))
        {
            Volatile.Write(ref _count, _count - 1);
        }
    }
}
