// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;

namespace Isthmus.Server.Messaging;

/// <summary>
/// All that waits for all users: what may be kept, whose turn it is, and when somebody has to look. It changes under one lock, in which nothing is waited for, nobody is
/// called, and never more than one user's messages are gone through. Times are milliseconds since 1970; what <see cref="Changed"/> hears is said in no lock.
/// </summary>
/// <param name="options">What the user configured.</param>
/// <param name="mostUnderWay">How many may be on their way, or about to be removed, at the same time.</param>
internal sealed class Mailboxes(MessageOptions options, int mostUnderWay)
{
    private readonly Lock _lock = new();
    private readonly MailboxTable _table = new(options);
    private readonly RememberedMessages _remembered = new();
    private readonly DueMailboxes _due = new(mostUnderWay);
    private long _lastId;

    /// <summary>Hears the address-of-record of a user for whom more or fewer messages wait than before.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>How many messages wait.</summary>
    public int Count => _table.Count;

    /// <summary>How many octets they have.</summary>
    public long Bytes => _table.Bytes;

    /// <summary>Whether nothing waits and nothing is remembered, so that no request concerns it.</summary>
    public bool AreEmpty => _remembered.Count == 0;

    /// <summary>When somebody has to look; the largest number: not at all.</summary>
    public long NextDue
    {
        get
        {
            lock (_lock)
            {
                return Math.Min(_due.First, _remembered.NextDue);
            }
        }
    }

    /// <summary>What waits, the oldest first.</summary>
    public IReadOnlyList<WaitingMessage> All
    {
        get
        {
            var all = new List<WaitingMessage>();
            foreach (Mailbox box in _table.All)
            {
                lock (_lock)
                {
                    box.Tell(all);
                }
            }

            all.Sort(static (one, other) => one.Message.Id.CompareTo(other.Message.Id));
            return all;
        }
    }

    /// <summary>How many users somebody has to look after at some time.</summary>
    public int CountDue
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>How many wait for a user.</summary>
    public int CountFor(string aor) => _table.Find(aor)?.Count ?? 0;

    /// <summary>One that an earlier run left.</summary>
    /// <param name="message">The message.</param>
    /// <param name="over">Since when it has been over; null: it waits.</param>
    public void Load(StoredMessage message, long? over)
    {
        lock (_lock)
        {
            _remembered.Add(message);
            _lastId = message.Id;
            if (over is { } then)
            {
                message.State = MessageState.Over;
                _remembered.End(message, then);
            }
            else
            {
                Mailbox box = _table.Add(message);
                box.Wait(message);
                Watch(box);
            }
        }
    }

    /// <summary>Whether a message has come before. In no lock, and makes no object.</summary>
    public bool Remember(ulong key) => _remembered.TryFind(key, out _);

    /// <summary>Whether anything waits for a user. In no lock, and makes no object.</summary>
    public bool HaveFor(ReadOnlySpan<byte> aor) => _table.Find(aor) is not null;

    /// <summary>Whether messages of a sender wait for their turn, before which another one must not be delivered.</summary>
    public bool HaveTurns(ReadOnlySpan<byte> aor, string sender)
    {
        lock (_lock)
        {
            return _table.Find(aor)?.Has(sender) == true;
        }
    }

    /// <summary>Takes a message that is to be stored.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="message">Makes it, with its number.</param>
    /// <param name="taken">The message; the one that was taken before when it has come before.</param>
    /// <param name="isNew">Whether it has not come before.</param>
    /// <returns>Why it cannot be kept; <see cref="KeepOutcome.Kept"/> when it can, or is already.</returns>
    public KeepOutcome Take(ulong key, Func<long, StoredMessage> message, out StoredMessage? taken, out bool isNew)
    {
        lock (_lock)
        {
            isNew = false;
            if (_remembered.TryFind(key, out taken))
            {
                return KeepOutcome.Kept;
            }

            StoredMessage made = message(_lastId + 1);
            KeepOutcome outcome = _table.May(made);
            if (outcome == KeepOutcome.Kept)
            {
                (_lastId, taken, isNew) = (made.Id, made, true);
                _remembered.Add(made);
                _table.Add(made);
            }

            return outcome;
        }
    }

    /// <summary>Whether a message is on the disk, or was there and is over.</summary>
    public bool IsStored(StoredMessage message)
    {
        lock (_lock)
        {
            return message.State is not (MessageState.Coming or MessageState.Never);
        }
    }

    /// <summary>A message is on the disk, or will not be.</summary>
    public void Stored(StoredMessage message, bool isStored, long now)
    {
        lock (_lock)
        {
            Mailbox box = _table.Of(message);
            if (isStored)
            {
                box.Stored(message, now);
            }
            else
            {
                _table.Remove(box, message, MessageState.Never);
                _remembered.Remove(message);
            }

            Watch(box);
        }

        Changed?.Invoke(message.Aor);
    }

    /// <summary>A device of a user has registered. True: something waits for him.</summary>
    /// <param name="aor">The user.</param>
    /// <param name="devices">All that he has.</param>
    /// <param name="now">The time.</param>
    public bool Call(ReadOnlySpan<byte> aor, IReadOnlyList<string> devices, long now) => Change(aor, box => box.Call(devices, now));

    /// <summary>A device of a user lives on. True: something waits for him.</summary>
    public bool Refresh(ReadOnlySpan<byte> aor, string device, long now) => Change(aor, box => box.Refresh(device, now));

    /// <summary>What is to be done now: messages whose turn it is, and those that have waited in vain. Both are the caller's to end.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isThere">Whether a user has a device; asked in no lock.</param>
    /// <param name="started">The ones that are to be sent.</param>
    /// <param name="expired">The ones that are to be given up.</param>
    /// <returns>Whether there is something to be forgotten in the store.</returns>
    public bool Look(long now, Func<string, bool> isThere, List<StoredMessage> started, List<StoredMessage> expired)
    {
        foreach (Mailbox box in TakeDue(now))
        {
            bool hasDevice = isThere(box.Aor);
            lock (_lock)
            {
                int before = started.Count + expired.Count;
                box.Look(hasDevice, now, _due.Left, started, expired);
                _due.UnderWay += started.Count + expired.Count - before;
                Watch(box);
            }
        }

        lock (_lock)
        {
            return _remembered.Forget(now);
        }
    }

    /// <summary>The devices of a user that a message is to be offered to now: those that will have it, and first of all those that are not silent.</summary>
    public List<Device> Choose(StoredMessage message, IReadOnlyList<Device> devices, long now)
    {
        lock (_lock)
        {
            return _table.Of(message).Choose(message, devices, now);
        }
    }

    /// <summary>Which of a message's transactions a device is to be tried by.</summary>
    public int TransactionOf(StoredMessage message, string device)
    {
        lock (_lock)
        {
            return message.StandOf(device).Transaction;
        }
    }

    /// <summary>One that waits is to be ended. False: it is on its way, or somebody else ends it.</summary>
    public bool TryEnd(StoredMessage message)
    {
        lock (_lock)
        {
            if (message.State != MessageState.Waiting)
            {
                return false;
            }

            message.State = MessageState.Ending;
            _due.UnderWay++;
            return true;
        }
    }

    /// <summary>One that was on its way was taken, and by whom it was not.</summary>
    public void Delivered(StoredMessage message, IEnumerable<string> silent)
    {
        lock (_lock)
        {
            _table.Of(message).Delivered(message, silent);
        }
    }

    /// <summary>One that was on its way can never be delivered: it is the caller's to end.</summary>
    public void GiveUp(StoredMessage message)
    {
        lock (_lock)
        {
            message.State = MessageState.Ending;
        }
    }

    /// <summary>One that was on its way was not taken: it waits again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="outcome">What the devices made of it.</param>
    /// <param name="now">The time.</param>
    /// <returns>False: its time is over, and it is the caller's to end.</returns>
    public bool TryWaitAgain(StoredMessage message, DeliveryOutcome outcome, long now)
    {
        lock (_lock)
        {
            message.Note(outcome, now);
            if (message.Expires <= now)
            {
                message.State = MessageState.Ending;
                return false;
            }

            Mailbox box = _table.Of(message);
            box.TakeBack(message, outcome, now);
            _due.UnderWay--;
            Watch(box);
            return true;
        }
    }

    /// <summary>The store knows that one is over.</summary>
    public void Ended(StoredMessage message, long now)
    {
        lock (_lock)
        {
            Mailbox box = _table.Of(message);
            _due.UnderWay--;
            _table.Remove(box, message, MessageState.Over);
            _remembered.End(message, now);
            Watch(box);
        }

        Changed?.Invoke(message.Aor);
    }

    private List<Mailbox> TakeDue(long now)
    {
        lock (_lock)
        {
            List<Mailbox> taken = _due.Take(now);
            taken.ForEach(static box => box.BeginLook());
            return taken;
        }
    }

    private bool Change(ReadOnlySpan<byte> aor, Action<Mailbox> change)
    {
        lock (_lock)
        {
            if (_table.Find(aor) is not { } box)
            {
                return false;
            }

            change(box);
            Watch(box);
            return true;
        }
    }

    private void Watch(Mailbox box) => _due.Set(box, box.Count == 0 ? long.MaxValue : box.NextDue);
}
