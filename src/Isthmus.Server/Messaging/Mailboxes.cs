// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;
using Isthmus.Server.Proxy;

namespace Isthmus.Server.Messaging;

/// <summary>
/// All that waits for all users: what may be kept, whose turn it is, and when somebody has to look. It lies under one lock, in which nothing is waited for and
/// nobody is called. Times are milliseconds since 1970; what <see cref="Changed"/> hears is said in no lock.
/// </summary>
/// <param name="options">What the user configured.</param>
/// <param name="keys">The numbers of messages.</param>
/// <param name="mostGoing">How many may be on their way at the same time: calls need transactions too.</param>
internal sealed class Mailboxes(MessageOptions options, MessageKeys keys, int mostGoing)
{
    // Somebody writes to a user whom nobody could reach: perhaps he can be reached again. But not for every message.
    private const long Pause = 5_000;

    // To a device that cannot deal with one so often it will not be offered again.
    private const int MostTroubles = 5;

    // So many users at a time: whoever looks has others to serve.
    private const int MostUsersAtOnce = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Mailbox> _boxes = new(StringComparer.Ordinal);
    private readonly RememberedMessages _remembered = new();
    private readonly DueMailboxes _due = new();
    private long _lastId;
    private long _lastBox;
    private long _bytes;
    private int _count;
    private int _known;
    private int _going;

    /// <summary>Hears the address-of-record of a user for whom more or fewer messages wait than before.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>How many messages wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many octets they have.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether nothing waits and nothing is remembered, so that no request concerns it.</summary>
    public bool AreEmpty => Volatile.Read(ref _known) == 0;

    /// <summary>When somebody has to look; the largest number: not at all.</summary>
    public long NextDue
    {
        get
        {
            lock (_lock)
            {
                return Math.Min(_going < mostGoing ? _due.First : long.MaxValue, _remembered.NextDue);
            }
        }
    }

    /// <summary>What waits, the oldest first, and when each may be tried.</summary>
    public IReadOnlyList<(StoredMessage Message, long NotBefore)> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _boxes.Values.SelectMany(box => box.All).OrderBy(entry => entry.Message.Id)];
            }
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
    public int CountFor(string aor)
    {
        lock (_lock)
        {
            return _boxes.TryGetValue(aor, out Mailbox? box) ? box.Count : 0;
        }
    }

    /// <summary>One that an earlier run left.</summary>
    /// <param name="message">The message.</param>
    /// <param name="over">Since when it has been over; null: it waits.</param>
    public void Load(StoredMessage message, long? over)
    {
        lock (_lock)
        {
            ulong key = keys.Of(message);
            _remembered.Add(key, message);
            (_known, _lastId) = (_remembered.Count, message.Id);
            if (over is { } then)
            {
                message.State = MessageState.Over;
                _remembered.End(key, then);
            }
            else
            {
                Mailbox box = Add(message);
                box.Wait(message);
                Watch(box);
            }
        }
    }

    /// <summary>Whether a message has come before, or must not overtake others of its sender.</summary>
    public bool Concerns(string aor, string sender, ulong key)
    {
        lock (_lock)
        {
            return _remembered.TryFind(key, out _) || (_boxes.TryGetValue(aor, out Mailbox? box) && box.Has(sender));
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
            bool hasBox = _boxes.TryGetValue(made.Aor, out Mailbox? box);
            if (hasBox && (box!.Count >= options.MaxPerUser || box.Bytes + made.Size > options.MaxBytesPerUser))
            {
                return KeepOutcome.UserFull;
            }

            if (made.Size > options.MaxBytesPerUser || _count >= options.MaxMessages || _bytes + made.Size > options.MaxBytes)
            {
                return made.Size > options.MaxBytesPerUser ? KeepOutcome.UserFull : KeepOutcome.StoreFull;
            }

            (_lastId, taken, isNew) = (made.Id, made, true);
            _remembered.Add(key, made);
            _known = _remembered.Count;
            Add(made);
            return KeepOutcome.Kept;
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
            Mailbox box = _boxes[message.Aor];
            if (isStored)
            {
                box.Wait(message);
                bool hasJustBeenTried = message.Refusals > 0 && !box.IsCalled;
                box.NotBefore = !hasJustBeenTried ? Math.Min(box.NotBefore, now + Pause)
                    : box.NotBefore <= now || box.NotBefore == long.MaxValue ? now + (long)BackOff.First.TotalMilliseconds : box.NotBefore;
            }
            else
            {
                Remove(box, message, MessageState.Never);
                _remembered.Remove(keys.Of(message));
                _known = _remembered.Count;
            }

            Watch(box);
        }

        Changed?.Invoke(message.Aor);
    }

    /// <summary>A device of a user has registered. True: something waits for him.</summary>
    /// <param name="aor">The user.</param>
    /// <param name="devices">All that he has.</param>
    /// <param name="now">The time.</param>
    public bool Call(string aor, IReadOnlyList<string> devices, long now)
    {
        lock (_lock)
        {
            if (!_boxes.TryGetValue(aor, out Mailbox? box))
            {
                return false;
            }

            box.Call(devices, now);
            Watch(box);
            return true;
        }
    }

    /// <summary>A device of a user lives on. True: something waits for him.</summary>
    public bool Refresh(string aor, string device, long now)
    {
        lock (_lock)
        {
            if (!_boxes.TryGetValue(aor, out Mailbox? box))
            {
                return false;
            }

            box.Silent.Remove(device);
            box.NotBefore = Math.Min(box.NotBefore, now + Pause);
            Watch(box);
            return true;
        }
    }

    /// <summary>What is to be done now: messages whose turn it is, and those that have waited in vain. Both are the caller's to end.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isThere">Whether a user has a device; in the lock.</param>
    /// <param name="started">The ones that are to be sent.</param>
    /// <param name="expired">The ones that are to be given up.</param>
    /// <returns>Whether there is something to be forgotten in the store.</returns>
    public bool Look(long now, Func<string, bool> isThere, List<StoredMessage> started, List<StoredMessage> expired)
    {
        lock (_lock)
        {
            for (int i = 0; i < MostUsersAtOnce && _going < mostGoing && _due.TryTake(now, out Mailbox? box); i++)
            {
                box.IsCalled = false;
                box.Expire(now, expired);
                if (isThere(box.Aor))
                {
                    int before = started.Count;
                    box.Start(now, started);
                    _going += started.Count - before;
                }
                else if (box.NotBefore <= now)
                {
                    box.NotBefore = long.MaxValue;
                }

                Watch(box);
            }

            bool any = _remembered.Forget(now);
            _known = _remembered.Count;
            return any;
        }
    }

    /// <summary>The devices of a user that a message is to be offered to now: those that will have it, and first of all those that are not silent.</summary>
    public List<Device> Choose(StoredMessage message, IReadOnlyList<Device> devices, long now)
    {
        lock (_lock)
        {
            HashSet<string> silent = _boxes[message.Aor].Silent;
            List<Device> worth = [.. devices.Where(device => message.IsFor(device.Id, now))];
            List<Device> heard = worth.FindAll(device => !silent.Contains(device.Id));
            return heard.Count > 0 ? heard : worth;
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
            bool waits = message.State == MessageState.Waiting;
            message.State = waits ? MessageState.Ending : message.State;
            return waits;
        }
    }

    /// <summary>One that was on its way was taken, and by whom it was not.</summary>
    public void Delivered(StoredMessage message, IEnumerable<string> silent)
    {
        lock (_lock)
        {
            Mailbox box = _boxes[message.Aor];
            message.State = MessageState.Ending;
            (box.Failures, box.NotBefore) = (0, 0);
            box.Silent.UnionWith(silent);
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
            Mailbox box = _boxes[message.Aor];
            message.Problem = outcome.Said;
            message.Refusals += outcome.IsAnswered ? 1 : 0;
            foreach (DeviceAnswer answer in outcome.Answers)
            {
                Note(message.StandOf(answer.Device), answer, message.Refusals, now);
            }

            if (message.Expires <= now)
            {
                message.State = MessageState.Ending;
                return false;
            }

            Lane lane = box.Stop(message);
            _going--;
            box.Wait(message);
            if (box.IsCalled)
            {
                // Somebody is to be tried who was not there.
            }
            else if (outcome.IsAbsence)
            {
                box.NotBefore = now + (long)BackOff.After(++box.Failures).TotalMilliseconds;
            }
            else
            {
                long next = outcome.Devices.Min(device => message.StandOf(device).NotBefore);
                (lane.NotBefore, message.IsSetAside) = next == long.MaxValue ? (0, true) : (next, false);
            }

            Watch(box);
            return true;
        }
    }

    /// <summary>The store knows that one is over.</summary>
    public void Ended(StoredMessage message, long now)
    {
        lock (_lock)
        {
            Mailbox box = _boxes[message.Aor];
            _going -= box.IsGoing(message) ? 1 : 0;
            Remove(box, message, MessageState.Over);
            _remembered.End(keys.Of(message), now);
            Watch(box);
        }

        Changed?.Invoke(message.Aor);
    }

    private static void Note(DeviceStand stand, in DeviceAnswer answer, int refusals, long now)
    {
        stand.Transaction = answer.HasSpoken ? refusals : stand.Transaction;
        if (answer.Reaction == Reaction.Refused || (answer.Reaction == Reaction.Trouble && ++stand.Troubles >= MostTroubles))
        {
            stand.NotBefore = long.MaxValue;
        }
        else if (answer.Reaction == Reaction.Trouble)
        {
            stand.NotBefore = now + (long)BackOff.After(stand.Troubles).TotalMilliseconds;
        }
    }

    private Mailbox Add(StoredMessage message)
    {
        if (!_boxes.TryGetValue(message.Aor, out Mailbox? box))
        {
            box = _boxes[message.Aor] = new Mailbox(message.Aor, ++_lastBox);
        }

        box.Add(message);
        _count++;
        _bytes += message.Size;
        return box;
    }

    private void Remove(Mailbox box, StoredMessage message, MessageState state)
    {
        box.End(message, state);
        _count--;
        _bytes -= message.Size;
        if (box.Count == 0)
        {
            _boxes.Remove(box.Aor);
            _due.Set(box, long.MaxValue);
        }
    }

    private void Watch(Mailbox box) => _due.Set(box, box.Count == 0 ? long.MaxValue : box.NextDue);
}
