// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>The messages of one sender for one user: they are delivered one after the other. Used under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class Lane
{
    private readonly Queue<StoredMessage> _messages = new();

    /// <summary>The one that is on its way; null when none is.</summary>
    public StoredMessage? Going { get; set; }

    /// <summary>Not before, in milliseconds since 1970.</summary>
    public long NotBefore { get; set; }

    /// <summary>How often the first one was answered with trouble.</summary>
    public int Failures { get; set; }

    /// <summary>All that wait.</summary>
    public IEnumerable<StoredMessage> Messages => _messages.Where(message => !message.IsGone);

    /// <summary>One more, behind all others.</summary>
    public void Add(StoredMessage message) => _messages.Enqueue(message);

    /// <summary>The first of them; false when there is none any more.</summary>
    public bool TryPeek([NotNullWhen(true)] out StoredMessage? first)
    {
        while (_messages.TryPeek(out first) && first.IsGone)
        {
            _messages.Dequeue();
        }

        return first is not null;
    }

    /// <summary>The first of them, if it can go once its time has come.</summary>
    public bool TryNext([NotNullWhen(true)] out StoredMessage? next)
    {
        next = null;
        return Going is null && TryPeek(out next) && next.State == MessageState.Waiting;
    }
}
