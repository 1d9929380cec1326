// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>The messages that are known again when they come again: those that wait, and those that are over, for some minutes.</summary>
internal sealed class RememberedMessages
{
    /// <summary>How long a message is known after it is over: longer than any sender repeats it.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(10);

    private readonly Dictionary<ulong, StoredMessage> _byKey = [];
    private readonly Queue<(ulong Key, long Over)> _over = new();

    /// <summary>How many are known.</summary>
    public int Count => _byKey.Count;

    /// <summary>Whether there is one with that key.</summary>
    public bool TryFind(ulong key, [NotNullWhen(true)] out StoredMessage? message) => _byKey.TryGetValue(key, out message);

    /// <summary>One more.</summary>
    public void Add(ulong key, StoredMessage message) => _byKey[key] = message;

    /// <summary>One was never stored.</summary>
    public void Remove(ulong key) => _byKey.Remove(key);

    /// <summary>One is over since then.</summary>
    public void End(ulong key, long now) => _over.Enqueue((key, now));

    /// <summary>Forgets those that have been over for long. True: there were some.</summary>
    public bool Forget(long now)
    {
        bool any = false;
        while (_over.TryPeek(out (ulong Key, long Over) first) && first.Over <= now - (long)Time.TotalMilliseconds)
        {
            _over.Dequeue();
            _byKey.Remove(first.Key);
            any = true;
        }

        return any;
    }

    /// <summary>When there is something to forget; the largest number: nothing.</summary>
    public long NextDue => _over.TryPeek(out (ulong Key, long Over) first) ? first.Over + (long)Time.TotalMilliseconds : long.MaxValue;
}
