// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server.Proxy;

namespace Isthmus.Server.Messaging;

/// <summary>
/// The mailboxes by the address-of-record of their users, and how much is in them. Changed under the lock of <see cref="Mailboxes"/>; whether there is one for a user
/// is asked in none, for each message and each registration.
/// </summary>
/// <param name="options">What the user configured.</param>
internal sealed class MailboxTable(MessageOptions options)
{
    private readonly Occupancy _mostPerUser = new(options.MaxPerUser, options.MaxBytesPerUser);
    private readonly MessageRoom _all = new(new(options.MaxMessages, options.MaxBytes), options.MaxPercentOfStrangers);
    private readonly ConcurrentDictionary<string, Mailbox> _boxes = new(new AorComparer());
    private long _lastNumber;
    private long _bytes;
    private int _count;

    /// <summary>How many messages wait. At any time.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many octets they have. At any time.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>All mailboxes. At any time; some may come and go meanwhile.</summary>
    public IEnumerable<Mailbox> All => _boxes.Select(entry => entry.Value);

    /// <summary>The mailbox of a user; null: nothing waits for him. At any time.</summary>
    public Mailbox? Find(string aor) => Count > 0 && _boxes.TryGetValue(aor, out Mailbox? box) ? box : null;

    /// <inheritdoc cref="Find(string)"/>
    public Mailbox? Find(ReadOnlySpan<byte> aor) => Count > 0 && _boxes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(aor, out Mailbox? box) ? box : null;

    /// <summary>The mailbox of a message that is in it.</summary>
    public Mailbox Of(StoredMessage message) => _boxes[message.Aor];

    /// <summary>Whether a message may be kept.</summary>
    public KeepOutcome May(StoredMessage message)
    {
        Room ofUser = (Find(message.Aor)?.Room ?? RoomForUser()).For(message);
        return ofUser != Room.Enough ? ofUser == Room.None ? KeepOutcome.UserFull : KeepOutcome.UserFullForStrangers
            : _all.For(message) switch { Room.Enough => KeepOutcome.Kept, Room.None => KeepOutcome.StoreFull, _ => KeepOutcome.StoreFullForStrangers };
    }

    /// <summary>One more.</summary>
    /// <returns>The mailbox that it is in.</returns>
    public Mailbox Add(StoredMessage message)
    {
        if (!_boxes.TryGetValue(message.Aor, out Mailbox? box))
        {
            box = new Mailbox(message.Aor, ++_lastNumber, RoomForUser());
        }

        box.Add(message);
        _all.Add(message);
        _boxes[message.Aor] = box; // which others may see now: there is something in it
        Publish();
        return box;
    }

    /// <summary>One is over, or was never stored. A mailbox with nothing in it goes.</summary>
    public void Remove(Mailbox box, StoredMessage message, MessageState state)
    {
        box.End(message, state);
        _all.Remove(message);
        if (box.Count == 0)
        {
            _boxes.TryRemove(box.Aor, out _);
        }

        Publish();
    }

    private MessageRoom RoomForUser() => new(_mostPerUser, options.MaxPercentOfStrangers);

    private void Publish()
    {
        Volatile.Write(ref _count, _all.Taken.Count);
        Interlocked.Exchange(ref _bytes, _all.Taken.Bytes);
    }
}
