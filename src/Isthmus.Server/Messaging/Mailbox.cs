// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Messaging;

/// <summary>What waits for one user, and whose turn it is. Used under the lock of <see cref="Mailboxes"/>; times are milliseconds since 1970.</summary>
/// <param name="aor">The canonical address-of-record of the user.</param>
/// <param name="number">No other one has had this number.</param>
/// <param name="room">The room that there is for his messages.</param>
internal sealed class Mailbox(string aor, long number, MessageRoom room)
{
    // Senders whose messages go at the same time.
    private const int MostAtOnce = 8;

    // Somebody writes to a user whom nobody could reach, or a device lives on: perhaps he can be reached again. But not for each of these.
    private const long Pause = 5_000;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    // The devices that were silent while another one took a message: they are left out until one registers.
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);

    private long _firstExpiry = long.MaxValue;
    private long _notBefore; // the largest number: not before a device registers
    private int _going;
    private int _failures; // attempts in a row that have met nobody
    private bool _isCalled; // a device has registered since somebody began to look

    /// <summary>The canonical address-of-record.</summary>
    public string Aor => aor;

    /// <summary>No other one had this number.</summary>
    public long Number => number;

    /// <summary>The room that there is for his messages.</summary>
    public MessageRoom Room => room;

    /// <summary>How many wait.</summary>
    public int Count => room.Taken.Count;

    /// <summary>When it is looked at, as it stands in <see cref="DueMailboxes"/>; the largest number: not at all.</summary>
    public long Due { get; set; } = long.MaxValue;

    /// <summary>When it has to be looked at next.</summary>
    public long NextDue
    {
        get
        {
            long due = _firstExpiry;
            if (_going < MostAtOnce)
            {
                foreach (Lane lane in _lanes.Values)
                {
                    due = lane.TryNext(out StoredMessage? next) ? Math.Min(due, TimeOf(lane, next)) : due;
                }
            }

            return due;
        }
    }

    /// <summary>Whether messages of a sender wait for their turn.</summary>
    public bool Has(string sender) => _lanes.TryGetValue(sender, out Lane? lane) && lane.HasTurns;

    /// <summary>Tells all that wait.</summary>
    public void Tell(List<WaitingMessage> all)
    {
        foreach (Lane lane in _lanes.Values)
        {
            StoredMessage? first = lane.First;
            foreach (StoredMessage message in lane.Messages)
            {
                all.Add(new(message, message == first, TimeOf(lane, message)));
            }
        }
    }

    /// <summary>One more.</summary>
    public void Add(StoredMessage message)
    {
        if (!_lanes.TryGetValue(message.Sender, out Lane? lane))
        {
            lane = _lanes[message.Sender] = new Lane();
        }

        lane.Add(message);
        room.Add(message);
    }

    /// <summary>The store has one: it waits from now on, and no longer than it may.</summary>
    public void Wait(StoredMessage message)
    {
        message.State = MessageState.Waiting;
        _firstExpiry = Math.Min(_firstExpiry, message.Expires);
    }

    /// <summary>The store has one that is new.</summary>
    public void Stored(StoredMessage message, long now)
    {
        Wait(message);
        bool hasJustBeenTried = message.Refusals > 0 && !_isCalled;
        _notBefore = !hasJustBeenTried ? Math.Min(_notBefore, now + Pause)
            : _notBefore <= now || _notBefore == long.MaxValue ? now + (long)BackOff.First.TotalMilliseconds : _notBefore;
    }

    /// <summary>A device has registered: there is somebody to be tried, also for what others will not have.</summary>
    public void Call(IReadOnlyList<string> devices, long now)
    {
        (_notBefore, _isCalled, _failures) = (0, true, 0);
        _silent.Clear();
        foreach (Lane lane in _lanes.Values)
        {
            lane.NotBefore = 0;
            foreach (StoredMessage message in lane.Messages)
            {
                message.IsSetAside = message.IsSetAside && !devices.Any(device => message.IsFor(device, now));
            }
        }
    }

    /// <summary>A device lives on.</summary>
    public void Refresh(string device, long now)
    {
        _silent.Remove(device);
        _notBefore = Math.Min(_notBefore, now + Pause);
    }

    /// <summary>Somebody is about to find out whether the user is there: who registers from now on is news.</summary>
    public void BeginLook() => _isCalled = false;

    /// <summary>Takes those out that have waited in vain, and lets those go whose turn it is. Both are the caller's to end.</summary>
    /// <param name="isThere">Whether the user had a device after <see cref="BeginLook"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">How many they may be together.</param>
    /// <param name="started">Gets the ones that are to be sent.</param>
    /// <param name="expired">Gets the ones that are to be given up.</param>
    public void Look(bool isThere, long now, int most, List<StoredMessage> started, List<StoredMessage> expired)
    {
        int others = expired.Count;
        Expire(now, most, expired);
        if (isThere || _isCalled)
        {
            Start(now, most - (expired.Count - others), started);
        }
        else if (_notBefore <= now)
        {
            _notBefore = long.MaxValue;
        }

        _isCalled = false;
    }

    /// <summary>The devices that a message is to be offered to now: those that will have it, and first of all those that are not silent.</summary>
    public List<Device> Choose(StoredMessage message, IReadOnlyList<Device> devices, long now)
    {
        List<Device> worth = [.. devices.Where(device => message.IsFor(device.Id, now))];
        List<Device> heard = worth.FindAll(device => !_silent.Contains(device.Id));
        return heard.Count > 0 ? heard : worth;
    }

    /// <summary>One that was on its way was taken, and by whom it was not.</summary>
    public void Delivered(StoredMessage message, IEnumerable<string> silent)
    {
        message.State = MessageState.Ending;
        (_failures, _notBefore) = (0, 0);
        _silent.UnionWith(silent);
    }

    /// <summary>One that was on its way was not taken: it waits again.</summary>
    public void TakeBack(StoredMessage message, DeliveryOutcome outcome, long now)
    {
        Lane lane = Stop(message);
        Wait(message);
        if (_isCalled)
        {
            // Somebody is to be tried who was not there.
        }
        else if (outcome.IsAbsence)
        {
            _notBefore = now + (long)BackOff.After(++_failures).TotalMilliseconds;
        }
        else
        {
            long next = outcome.Devices.Min(device => message.StandOf(device).NotBefore);
            (lane.NotBefore, message.IsSetAside) = next == long.MaxValue ? (0, true) : (next, false);
        }
    }

    /// <summary>One waits no more. Its sender's next one may go.</summary>
    public void End(StoredMessage message, MessageState state)
    {
        Lane lane = Stop(message);
        (message.State, lane.NotBefore) = (state, 0);
        lane.Remove(message);
        room.Remove(message);
        if (lane.Messages.Count == 0)
        {
            _lanes.Remove(message.Sender);
        }
    }

    // One is not on its way, or not any more.
    private Lane Stop(StoredMessage message)
    {
        Lane lane = _lanes[message.Sender];
        if (lane.Going == message)
        {
            lane.Going = null;
            _going--;
        }

        return lane;
    }

    private void Start(long now, int most, List<StoredMessage> started)
    {
        foreach (Lane lane in _lanes.Values)
        {
            if (most <= 0 || _going >= MostAtOnce)
            {
                return;
            }

            if (lane.TryNext(out StoredMessage? next) && TimeOf(lane, next) <= now)
            {
                (lane.Going, next.State) = (next, MessageState.Going);
                next.Attempts++;
                _going++;
                most--;
                started.Add(next);
            }
        }
    }

    // Who is on his way is looked at when he is back, and who is not stored yet when he is.
    private void Expire(long now, int most, List<StoredMessage> expired)
    {
        if (_firstExpiry > now)
        {
            return;
        }

        _firstExpiry = long.MaxValue;
        foreach (Lane lane in _lanes.Values)
        {
            foreach (StoredMessage message in lane.Messages)
            {
                if (message.Expires <= now && message.State == MessageState.Waiting && most-- > 0)
                {
                    message.State = MessageState.Ending;
                    expired.Add(message);
                }
                else if (message.State == MessageState.Waiting || (message.State == MessageState.Going && message.Expires > now))
                {
                    _firstExpiry = Math.Min(_firstExpiry, message.Expires);
                }
            }
        }
    }

    private long TimeOf(Lane lane, StoredMessage next) => Math.Max(_notBefore, Math.Max(lane.NotBefore, next.NotBefore));
}
