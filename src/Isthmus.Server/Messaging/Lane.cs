// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Server.Messaging;

/// <summary>The messages of one sender for one user: they are delivered one after the other. Used under the lock of <see cref="Mailboxes"/>.</summary>
internal sealed class Lane
{
    private readonly List<StoredMessage> _messages = [];

    /// <summary>The one that is on its way; null when none is.</summary>
    public StoredMessage? Going { get; set; }

    /// <summary>Not before, in milliseconds since 1970.</summary>
    public long NotBefore { get; set; }

    /// <summary>All that wait.</summary>
    public IReadOnlyList<StoredMessage> Messages => _messages;

    /// <summary>The one that is on its way, else the one whose turn is next; null when none of them has a turn.</summary>
    public StoredMessage? First => Going ?? _messages.Find(static message => !message.IsSetAside);

    /// <summary>Whether one that comes now has to wait for others.</summary>
    public bool HasTurns => _messages.Exists(static message => !message.IsSetAside);

    /// <summary>One more, behind all others.</summary>
    public void Add(StoredMessage message) => _messages.Add(message);

    /// <summary>One less.</summary>
    public void Remove(StoredMessage message) => _messages.Remove(message);

    /// <summary>The first of them, if it can go once its time has come.</summary>
    public bool TryNext([NotNullWhen(true)] out StoredMessage? next)
    {
        next = Going is null ? First : null;
        return next?.State == MessageState.Waiting;
    }
}
