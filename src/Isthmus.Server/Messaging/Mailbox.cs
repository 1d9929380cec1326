// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>What waits for one user. Used under the lock of <see cref="Mailboxes"/>; times are milliseconds since 1970.</summary>
internal sealed class Mailbox(string aor, long number)
{
    // Senders whose messages go at the same time.
    private const int MostAtOnce = 8;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private long _firstExpiry = long.MaxValue;
    private int _going;

    /// <summary>The canonical address-of-record.</summary>
    public string Aor => aor;

    /// <summary>No other one had this number.</summary>
    public long Number => number;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many octets they have.</summary>
    public long Bytes { get; private set; }

    /// <summary>No attempt before; the largest number: not before a device registers.</summary>
    public long NotBefore { get; set; }

    /// <summary>How many attempts in a row have met nobody.</summary>
    public int Failures { get; set; }

    /// <summary>A device has registered since the last attempt began.</summary>
    public bool IsCalled { get; set; }

    /// <summary>When it is looked at, as it stands in <see cref="DueMailboxes"/>; the largest number: not at all.</summary>
    public long Due { get; set; } = long.MaxValue;

    /// <summary>The devices that were silent while another one took a message: they are left out until one registers.</summary>
    public HashSet<string> Silent { get; } = new(StringComparer.Ordinal);

    /// <summary>All that wait, and when each may be tried.</summary>
    public IEnumerable<(StoredMessage Message, long NotBefore)> All =>
        from lane in _lanes.Values from message in lane.Messages select (message, Math.Max(NotBefore, Math.Max(lane.NotBefore, message.NotBefore)));

    /// <summary>When it has to be looked at next.</summary>
    public long NextDue => _going >= MostAtOnce ? _firstExpiry : _lanes.Values.Aggregate(_firstExpiry, (due, lane) => lane.TryNext(out StoredMessage? next) ? Math.Min(due, TimeOf(lane, next)) : due);

    /// <summary>Whether messages of a sender wait for their turn.</summary>
    public bool Has(string sender) => _lanes.TryGetValue(sender, out Lane? lane) && lane.HasTurns;

    /// <summary>One more.</summary>
    public void Add(StoredMessage message)
    {
        if (!_lanes.TryGetValue(message.Sender, out Lane? lane))
        {
            lane = _lanes[message.Sender] = new Lane();
        }

        lane.Add(message);
        Count++;
        Bytes += message.Size;
    }

    /// <summary>The store has one: it waits from now on, and no longer than it may.</summary>
    public void Wait(StoredMessage message)
    {
        message.State = MessageState.Waiting;
        _firstExpiry = Math.Min(_firstExpiry, message.Expires);
    }

    /// <summary>One waits no more. Its sender's next one may go.</summary>
    public void End(StoredMessage message, MessageState state)
    {
        Lane lane = Stop(message);
        (message.State, lane.NotBefore) = (state, 0);
        lane.Remove(message);
        Count--;
        Bytes -= message.Size;
        if (lane.Messages.Count == 0)
        {
            _lanes.Remove(message.Sender);
        }
    }

    /// <summary>Whether one is on its way, or was and is about to end.</summary>
    public bool IsGoing(StoredMessage message) => _lanes[message.Sender].Going == message;

    /// <summary>One is not on its way, or not any more.</summary>
    public Lane Stop(StoredMessage message)
    {
        Lane lane = _lanes[message.Sender];
        if (lane.Going == message)
        {
            lane.Going = null;
            _going--;
        }

        return lane;
    }

    /// <summary>A device has registered: there is somebody to be tried, also for what others will not have.</summary>
    public void Call(IReadOnlyList<string> devices, long now)
    {
        (NotBefore, IsCalled, Failures) = (0, true, 0);
        Silent.Clear();
        foreach (Lane lane in _lanes.Values)
        {
            lane.NotBefore = 0;
            foreach (StoredMessage message in lane.Messages)
            {
                message.IsSetAside &= !devices.Any(device => message.IsFor(device, now));
            }
        }
    }

    /// <summary>Lets those go whose turn it is.</summary>
    public void Start(long now, List<StoredMessage> started)
    {
        foreach (Lane lane in _lanes.Values)
        {
            if (_going < MostAtOnce && lane.TryNext(out StoredMessage? next) && TimeOf(lane, next) <= now)
            {
                (lane.Going, next.State) = (next, MessageState.Going);
                next.Attempts++;
                _going++;
                started.Add(next);
            }
        }
    }

    /// <summary>Those that have waited in vain, and are not on their way.</summary>
    public void Expire(long now, List<StoredMessage> expired)
    {
        if (_firstExpiry > now)
        {
            return;
        }

        foreach ((StoredMessage message, _) in All)
        {
            if (message.Expires <= now && message.State == MessageState.Waiting)
            {
                message.State = MessageState.Ending;
                expired.Add(message);
            }
        }

        // Who is on his way is looked at when he is back, and who is not stored yet when he is.
        _firstExpiry = All.Where(entry => entry.Message.State is MessageState.Waiting or MessageState.Going).Select(entry => entry.Message.Expires)
            .Where(expires => expires > now).DefaultIfEmpty(long.MaxValue).Min();
    }

    private long TimeOf(Lane lane, StoredMessage next) => Math.Max(NotBefore, Math.Max(lane.NotBefore, next.NotBefore));
}
