// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>
/// One subscription, as its notifier sees it (RFC 6665 §4.2): octets and numbers, no dialog objects. It belongs to the owner of the conversation that its
/// SUBSCRIBE began; others only say that something has changed.
/// </summary>
internal sealed class Subscription : IResourceWatcher
{
    private const long Never = long.MaxValue;
    private const int Second = 1000;
    private const string Timeout = "timeout";

    // What a watcher did not take without ending the subscription is told again after that time, unless he names a longer one.
    private const int Again = 30 * Second;

    /// <summary>So many numbers are taken from the store at a time: after a crash it goes on behind all that may have been used.</summary>
    public const uint Reserve = 200;

    // More are taken when so many are left.
    private const uint ReserveLeft = 100;

    private static readonly Action<object?> LookAround = static subscription => ((Subscription)subscription!).Look();
    private static readonly Action<object?> DecideAgain = static subscription => ((Subscription)subscription!).Decide();
    private static readonly Action<object?> LookInTime = static subscription => ((Subscription)subscription!).TimeHasCome();
    private static readonly Action<object?> PostTime = static subscription => ((Subscription)subscription!).PostTimeHasCome();

    private readonly Notifier _notifier;
    private readonly IEventSource _source;
    private readonly uint _begunAt;
    private WheelTimer _timer;
    private long _timerDue = Never;
    private long _notBefore;
    private long _againAt = Never;
    private int _isChanged;
    private int _underWay;
    private bool _needsAll;
    private bool _isAtHome;
    private bool _hasTold;
    private uint _question;
    private bool _isOver;
    private uint _written;

    public Subscription(Notifier notifier, IEventPackage package, IEventSource source, in SubscriptionRecord record)
    {
        (_notifier, _source, Package, Tag, Head) = (notifier, source, package, record.Tag, record.Head);
        (NextHop, LocalCSeq, RemoteCSeq, ExpiresAt, Conversation) = (record.NextHop, record.LocalCSeq, record.RemoteCSeq, record.ExpiresAt, record.Conversation);
        _isAtHome = record.IsAtHome;
        _begunAt = record.LocalCSeq;
        ReservedCSeq = _written = record.LocalCSeq + Reserve; // as it is written the first time
    }

    /// <summary>Our tag, which nobody can guess and no other subscription has.</summary>
    public ulong Tag { get; }

    /// <summary>The number of its Call-ID.</summary>
    public ulong Conversation { get; }

    /// <summary>Its package.</summary>
    public IEventPackage Package { get; }

    /// <summary>What its NOTIFYs begin with (<see cref="NotifyHead"/>).</summary>
    public byte[] Head { get; private set; }

    /// <summary>Where its NOTIFYs are sent.</summary>
    public Target NextHop { get; private set; }

    /// <summary>The CSeq of the last NOTIFY; 0 before the first.</summary>
    public uint LocalCSeq { get; private set; }

    /// <summary>How many NOTIFYs this run of the server has sent; between two runs the CSeq leaves out some.</summary>
    public uint Notified => LocalCSeq - _begunAt;

    /// <summary>No NOTIFY has a number above this one.</summary>
    public uint ReservedCSeq { get; private set; }

    /// <summary>The <see cref="ReservedCSeq"/> that the store has for sure, or will have with all else that it knows of this subscription.</summary>
    public uint WrittenCSeq => Volatile.Read(ref _written);

    /// <summary>The number of its watcher (<see cref="SubscriptionPlaces"/>).</summary>
    public ulong WatcherNumber { get; init; }

    /// <summary>Whether the store knows of it.</summary>
    public bool IsKept { get; set; }

    /// <summary>The CSeq of the last SUBSCRIBE.</summary>
    public uint RemoteCSeq { get; private set; }

    /// <summary>When it ends, in milliseconds since 1970.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>Whether who is at the watcher's place has not answered there yet: nothing is told.</summary>
    public bool IsAsking => !_isAtHome;

    /// <summary>What it shows.</summary>
    public IEventSource Source => _source;

    /// <summary>Whether it shows a list.</summary>
    public bool IsList => _source.IsList;

    /// <summary>Whether a request with our tag belongs to its dialog: the same Call-ID and the watcher's tag.</summary>
    public bool Has(SipRequest request) => request.CallIdHash == Conversation && NotifyHeadFields.ToTag(Head).SequenceEqual(request.FromView.Tag);

    /// <summary>As the user that it watches may see it.</summary>
    public WatcherEntry? AsWatcher(Access access) => new(NotifyHeadFields.Watcher(Head), Convert.ToHexStringLower(BitConverter.GetBytes(Tag)), access);

    /// <summary>It begins: the watcher is told all.</summary>
    public void Begin(long now)
    {
        _source.Decide(); // by rules that may have come before it could be found
        _source.Attach(this);
        TellAll(now);
    }

    /// <summary>It is there again after a restart; <see cref="Changed"/> is to follow, by which the watcher is told all.</summary>
    public void Restore()
    {
        (_needsAll, _hasTold) = (true, true); // what he was told is not in the store; at worst he is to ask anew
        _source.Attach(this);
        Await(ExpiresAt);
    }

    /// <summary>The watcher has asked once more (RFC 6665 §4.2.1.4): it is told all, at once.</summary>
    /// <param name="cseq">The CSeq of the SUBSCRIBE.</param>
    /// <param name="expiresAt">When it ends now; not later than <paramref name="now"/>: it is over.</param>
    /// <param name="head">The head from now on.</param>
    /// <param name="nextHop">Where its NOTIFYs are sent from now on.</param>
    /// <param name="isAtHome">Whether the watcher is surely there.</param>
    /// <param name="now">The time.</param>
    public void Renew(uint cseq, long expiresAt, byte[] head, Target nextHop, bool isAtHome, long now)
    {
        _isAtHome = isAtHome || (_isAtHome && nextHop.EndPoint.Equals(NextHop.EndPoint));
        (RemoteCSeq, ExpiresAt, Head, NextHop) = (cseq, expiresAt, head, nextHop);
        _notifier.Keep(this);
        TellAll(now);
    }

    /// <summary>Something is new. From any thread.</summary>
    public void Changed()
    {
        if (Interlocked.Exchange(ref _isChanged, 1) == 0)
        {
            PostLook();
        }
    }

    /// <summary>The rules are others now: the watcher may see something else. From any thread.</summary>
    public void RulesChanged() => _notifier.RunIn(Conversation, DecideAgain, this);

    /// <summary>The store has that <see cref="ReservedCSeq"/> now. From the thread that writes.</summary>
    public void Written(uint reserved)
    {
        Volatile.Write(ref _written, reserved);
        PostLook();
    }

    // Who may not see the state does not hear of it either: when he is told something says when it has changed.
    void IResourceWatcher.ResourceChanged(ResourceWatch watch)
    {
        if (watch.Access == Access.Allow)
        {
            Changed();
        }
    }

    /// <summary>A NOTIFY was answered, or never will be.</summary>
    /// <param name="cseq">Which one; of no matter unless <see cref="IsAsking"/>, and 0 when it was never answered.</param>
    /// <param name="isLost">Whether the subscription ends by that (RFC 6665 §4.2.2).</param>
    /// <param name="isUnheard">Whether the watcher does not have what it brought.</param>
    /// <param name="retryAfter">How long it wants to hear nothing; null: it has not said.</param>
    public void Answered(uint cseq, bool isLost, bool isUnheard, TimeSpan? retryAfter)
    {
        _underWay--;
        if (isLost)
        {
            End();
            return;
        }

        if (isUnheard)
        {
            TellAgain(retryAfter);
        }
        else if (!_isAtHome && cseq == _question && !_isOver)
        {
            _isAtHome = true;
            TellAll(_notifier.Now);
            return;
        }

        if (isUnheard || Volatile.Read(ref _isChanged) != 0)
        {
            Look();
        }
    }

    /// <summary>It is over: nothing is sent any more.</summary>
    public void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            _timer.Cancel();
            _source.Detach();
            _notifier.Ended(this);
        }
    }

    // It would not know that what it has is old: until it takes all, it is asked again.
    private void TellAgain(TimeSpan? retryAfter)
    {
        long now = _notifier.Now;
        _needsAll = true;
        _againAt = now + Again;
        if (retryAfter is { } pause)
        {
            _notBefore = Math.Max(_notBefore, now + (long)pause.TotalMilliseconds); // RFC 3261 §20.33: not even news
        }
    }

    private void Decide()
    {
        if (!_isOver && _source.Decide())
        {
            Volatile.Write(ref _isChanged, 1);
            Look();
        }
    }

    private void PostLook() => _notifier.RunIn(Conversation, LookAround, this);

    private void PostTimeHasCome() => _notifier.RunIn(Conversation, LookInTime, this);

    private void TimeHasCome()
    {
        _timerDue = Never;
        Look();
    }

    // After a crash it goes on behind what the store has: a watcher refuses numbers that he has had (RFC 3261 §12.2.2).
    private bool HasNumber => !IsKept || LocalCSeq < WrittenCSeq;

    // Why it ends now; null: it goes on. Nobody becomes pending who has seen something: he is to ask anew (RFC 6665 §4.1.3).
    private string? Ending(long now) =>
        _source.Access == Access.Deny ? "rejected"
        : _source.Access == Access.Confirm && _hasTold ? "deactivated"
        : ExpiresAt <= now ? Timeout
        : null;

    private void TellAll(long now)
    {
        string? ending = Ending(now);
        if (ending is null && !HasNumber)
        {
            _needsAll = true;
            Volatile.Write(ref _isChanged, 1); // when there are numbers it looks again
            Await(ExpiresAt);
            return;
        }

        Volatile.Write(ref _isChanged, 0);
        if (!_isAtHome)
        {
            Ask(now);
            return;
        }

        Send(ending is null or Timeout ? _source.Take(isFull: true) : null, ending, now);
        if (ending is not null)
        {
            End();
        }
        else
        {
            Await(ExpiresAt);
        }
    }

    // Anybody can name anybody's address: only who answers there gets more than this, which is small.
    private void Ask(long now)
    {
        Send(null, null, now);
        _question = LocalCSeq;
        _needsAll = true;
    }

    // On its conversation: what is there to do now, and when next?
    private void Look()
    {
        if (_isOver || (!_isAtHome && _underWay > 0))
        {
            return; // who is asked first answers, or never will
        }

        long now = _notifier.Now;
        if (Ending(now) is { } ending)
        {
            Send(null, ending, now);
            End();
            return;
        }

        bool isChanged = Volatile.Read(ref _isChanged) != 0 || now >= _againAt;
        bool mayTell = _underWay == 0 && HasNumber;
        if (isChanged && mayTell && now >= _notBefore)
        {
            TellNews(now);
            (isChanged, mayTell) = (false, _underWay == 0 && HasNumber);
        }

        // While a NOTIFY is under way its answer looks again: then the watcher gets the latest, not all there was. And so does the store when it is behind.
        Await(Math.Min(ExpiresAt, !mayTell ? Never : isChanged ? _notBefore : _againAt));
    }

    private void TellNews(long now)
    {
        Volatile.Write(ref _isChanged, 0); // what changes from here on is told next time
        if (!_isAtHome)
        {
            Ask(now);
        }
        else if (_source.Take(_needsAll) is { } state)
        {
            Send(state, null, now);
            _notBefore = now + _notifier.Interval;
        }
        else if (_needsAll)
        {
            Send(null, null, now); // pending still
            _notBefore = now + _notifier.Interval;
        }
    }

    private void Send(StateDocument? state, string? reason, long now)
    {
        (_needsAll, _againAt) = (false, Never);
        LocalCSeq++;
        if (LocalCSeq + ReserveLeft > ReservedCSeq)
        {
            ReservedCSeq += Reserve;
            _notifier.Keep(this);
        }

        _hasTold |= state is not null;
        _notifier.Send(this, state, reason ?? (_hasTold ? null : Notifier.Pending), (int)Math.Max(0, (ExpiresAt - now + Second - 1) / Second));
        _underWay++; // what is not sent is never answered
        if (_source.HasMore)
        {
            Volatile.Write(ref _isChanged, 1); // the answer looks again
        }
    }

    // A timer that is too early is left: it looks, and sets the next one.
    private void Await(long due)
    {
        if (due >= _timerDue)
        {
            return;
        }

        _timer.Cancel();
        _timerDue = due;
        _timer = _notifier.Schedule(due, PostTime, this);
    }
}
