// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sip.Stack;

/// <summary>
/// Remembers, for each transport and address, that requests failed there (RFC 3263 §4.3: no answer, a transport error, 503), so that the next call begins with
/// another target. A bad time ends by itself; shortly before that the target is due for a probe. Any thread may use it.
/// </summary>
public sealed class TargetHealth
{
    private readonly TargetHealthOptions _options;
    private readonly TimeProvider _time;
    private readonly ITargetObserver? _observer;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly Dictionary<Place, LinkedListNode<Memory>> _memories = [];
    private readonly LinkedList<Memory> _byUse = []; // the one wanted last is first

    /// <summary>Makes an empty memory.</summary>
    /// <param name="options">Its times and bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Is told of changes; null: nobody.</param>
    public TargetHealth(TargetHealthOptions options, TimeProvider time, ITargetObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _time, _observer, _start) = (options, time, observer, time.GetTimestamp());
    }

    /// <summary>How many targets are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _memories.Count;
            }
        }
    }

    /// <summary>How long it is until the next probe is due; zero when one is, null when none will be.</summary>
    public TimeSpan? UntilProbe
    {
        get
        {
            lock (_lock)
            {
                var next = _byUse.Min(memory => memory.ProbeAt); // null is no value for Min
                return next is null ? null : next > Now ? next - Now : TimeSpan.Zero;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>A request to a target failed.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="endPoint">The address and port.</param>
    /// <param name="retryAfter">How long the target itself asks to be spared (RFC 3261 §21.5.4); null where it does not.</param>
    /// <param name="fault">In which way.</param>
    public void Failed(SipTransport transport, IPEndPoint endPoint, TimeSpan? retryAfter = null, TargetFault fault = TargetFault.Silent)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        TimeSpan bad;
        lock (_lock)
        {
            var now = Now;
            var memory = Remember(new Place(transport, endPoint), now);
            // Many requests may be under way when a target dies: together they are one failure. What a probe finds is another.
            if (memory.StateAt(now) == TargetState.Bad && memory.ProbeAt is not null && retryAfter is null)
            {
                return;
            }
            memory.Failures++;
            (memory.FailedAt, memory.Fault, memory.RetryAfter) = (now, fault, retryAfter);
            bad = retryAfter ?? _options.BadTime * Math.Pow(2, Math.Min(memory.Failures - 1, 20));
            bad = bad < _options.MaxBadTime ? bad : _options.MaxBadTime;
            memory.BadUntil = now + bad;
            memory.ProbeAt = memory.BadUntil - _options.ProbeLead > now ? memory.BadUntil - _options.ProbeLead : memory.BadUntil;
            memory.GoodUntil = TimeSpan.Zero;
            if (memory.Failures > 1)
            {
                return;
            }
            memory.BadSince = now;
        }
        _observer?.TurnedBad(transport, endPoint, fault, retryAfter, bad);
    }

    /// <summary>A target answered, be it with whatever status but 503: it is there.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="endPoint">The address and port.</param>
    /// <param name="roundTrip">How long that took; null where it is not known.</param>
    public void Answered(SipTransport transport, IPEndPoint endPoint, TimeSpan? roundTrip = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        TimeSpan bad;
        lock (_lock)
        {
            var now = Now;
            var memory = Remember(new Place(transport, endPoint), now);
            bool isBack = memory.Failures > 0;
            (memory.Failures, memory.BadUntil, memory.ProbeAt) = (0, TimeSpan.Zero, null);
            memory.GoodUntil = now + _options.GoodTime;
            memory.RoundTrip = roundTrip ?? memory.RoundTrip;
            if (!isBack)
            {
                return;
            }
            bad = now - memory.BadSince;
        }
        _observer?.TurnedGood(transport, endPoint, bad);
    }

    /// <summary>What is known of a target.</summary>
    public TargetState StateOf(SipTransport transport, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        lock (_lock)
        {
            return _memories.TryGetValue(new Place(transport, endPoint), out var node) ? node.Value.StateAt(Now) : TargetState.Unknown;
        }
    }

    /// <summary>The order in which a call tries its targets: as located, but the bad ones after all others. None is left out: where all are bad, one may be back.</summary>
    public IReadOnlyList<LocatedTarget> Order(IReadOnlyList<LocatedTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        lock (_lock)
        {
            var now = Now;
            return [.. targets.OrderBy(target => IsBadNow(new Place(target.Transport, target.EndPoint), now))];
        }
    }

    /// <summary>The bad targets that a probe (OPTIONS) is to be sent to now. Each is due once for each bad time; one that nobody wants any more is forgotten instead.</summary>
    /// <param name="limit">How many at most; the others are due the next time.</param>
    public IReadOnlyList<(SipTransport Transport, IPEndPoint EndPoint)> TakeDueProbes(int limit)
    {
        lock (_lock)
        {
            var now = Now;
            while (_byUse.Last is { } oldest && now - oldest.Value.WantedAt >= _options.ForgetTime)
            {
                Forget(oldest.Value.Place);
            }
            var due = _byUse.Where(memory => memory.ProbeAt is { } at && at <= now).OrderBy(memory => memory.ProbeAt).Take(limit).ToList();
            due.ForEach(memory => memory.ProbeAt = null);
            return [.. due.Select(memory => (memory.Place.Transport, memory.Place.EndPoint))];
        }
    }

    /// <summary>All that is remembered, the target wanted last first.</summary>
    public IReadOnlyList<TargetReport> Report()
    {
        lock (_lock)
        {
            var now = Now;
            return
            [
                .. from memory in _byUse
                   let bad = memory.BadUntil > now ? memory.BadUntil - now : TimeSpan.Zero
                   select new TargetReport(
                       memory.Place.Transport, memory.Place.EndPoint, memory.StateAt(now), memory.Failures, bad, memory.RoundTrip, now - memory.FailedAt, memory.Fault, memory.RetryAfter),
            ];
        }
    }

    // Whoever asks wants to call there: that keeps the memory alive, and the probes going.
    private bool IsBadNow(Place place, TimeSpan now)
    {
        if (!_memories.TryGetValue(place, out var node))
        {
            return false;
        }
        node.Value.WantedAt = now;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.StateAt(now) == TargetState.Bad;
    }

    // A failure or an answer may be that of a probe: it does not count as being wanted, except for a new target.
    private Memory Remember(Place place, TimeSpan now)
    {
        if (_memories.TryGetValue(place, out var node))
        {
            return node.Value;
        }
        if (_memories.Count >= _options.MaxTargets)
        {
            Forget(_byUse.Last!.Value.Place);
        }
        node = _byUse.AddFirst(new Memory(place) { WantedAt = now });
        _memories.Add(place, node);
        return node.Value;
    }

    private void Forget(Place place)
    {
        if (_memories.Remove(place, out var node))
        {
            _byUse.Remove(node);
        }
    }

    private readonly record struct Place(SipTransport Transport, IPEndPoint EndPoint);

    private sealed class Memory(Place place)
    {
        public Place Place { get; } = place;

        public int Failures { get; set; }

        public TimeSpan BadUntil { get; set; }

        public TimeSpan GoodUntil { get; set; }

        public TimeSpan BadSince { get; set; }

        public TimeSpan? FailedAt { get; set; }

        public TargetFault? Fault { get; set; }

        public TimeSpan? RetryAfter { get; set; }

        public TimeSpan? ProbeAt { get; set; }

        public TimeSpan WantedAt { get; set; }

        public TimeSpan? RoundTrip { get; set; }

        public TargetState StateAt(TimeSpan now) => now < BadUntil ? TargetState.Bad : now < GoodUntil ? TargetState.Good : TargetState.Unknown;
    }
}
