// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>All subscriptions, and what they have in common: it finds them, sends their NOTIFYs, and hears what becomes of those.</summary>
internal sealed class Notifier(SipStack stack, TimeSpan interval, SubscriptionPlaces places) : IClientTransactionUser
{
    /// <summary>For <see cref="Send"/>: the subscription is there, but nothing is told yet.</summary>
    public const string Pending = "pending";

    private const int RoomForFields = 256;

    private const int AskingAtATime = 1000;

    private readonly ConcurrentDictionary<ulong, Subscription> _subscriptions = new();

    /// <summary>How many there are.</summary>
    public int Count => places.Count;

    /// <summary>All of them.</summary>
    public IEnumerable<Subscription> All => _subscriptions.Select(known => known.Value);

    /// <summary>What has been done.</summary>
    public EventCounters Counters { get; } = new();

    /// <summary>Keeps them for after a restart; null: nobody does.</summary>
    public EventJournal? Journal { get; set; }

    /// <summary>The time in milliseconds since 1970.</summary>
    public long Now => stack.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What lies between two NOTIFYs of changes, in milliseconds.</summary>
    public long Interval { get; } = (long)interval.TotalMilliseconds;

    /// <summary>The places for them.</summary>
    public SubscriptionPlaces Places => places;

    /// <summary>One that has a place can be found from now on.</summary>
    public void Add(Subscription subscription) => _subscriptions[subscription.Tag] = subscription;

    /// <summary>The subscription in whose dialog a request is; null: in none.</summary>
    public Subscription? Find(SipRequest request) =>
        Hex64.TryRead(request.ToView.Tag, out ulong tag) && _subscriptions.TryGetValue(tag, out Subscription? found) && found.Has(request) ? found : null;

    /// <summary>One is over.</summary>
    public void Ended(Subscription subscription)
    {
        if (_subscriptions.TryRemove(KeyValuePair.Create(subscription.Tag, subscription)))
        {
            places.Return(subscription.WatcherNumber);
        }

        if (subscription.IsKept)
        {
            Journal?.Ended(subscription);
        }
    }

    /// <summary>The rules are others now: every subscription asks them again, 100,000 of them within five seconds. Who subscribes from now on asks these.</summary>
    public void RulesChanged() => InTurn.Begin(stack, [.. All], AskingAtATime, subscription => subscription.RulesChanged());

    /// <summary>What the store knows of it has changed.</summary>
    public void Keep(Subscription subscription)
    {
        if (subscription.IsKept)
        {
            Journal?.Changed(subscription);
        }
    }

    /// <summary>One is new, and is kept from now on.</summary>
    public void Keep(Subscription subscription, string aor, string? watcher)
    {
        if (Journal is { } journal)
        {
            subscription.IsKept = true;
            journal.Began(subscription, aor, watcher);
        }
    }

    /// <inheritdoc cref="SipStack.RunIn(ulong, Action{object?}, object?)"/>
    public void RunIn(ulong conversation, Action<object?> action, Subscription subscription) => stack.RunIn(conversation, action, subscription);

    /// <summary>Runs something at a time, on a thread of the timers.</summary>
    public WheelTimer Schedule(long due, Action<object?> action, Subscription subscription) => stack.Timers.Schedule(TimeSpan.FromMilliseconds(due - Now), action, subscription);

    /// <summary>Sends the NOTIFY with the subscription's CSeq.</summary>
    /// <param name="subscription">Whose; on its conversation.</param>
    /// <param name="state">What it brings; null: no body.</param>
    /// <param name="reason">Why the subscription ends by it; null: it goes on; <see cref="Pending"/>: it is to begin.</param>
    /// <param name="remaining">How many seconds it goes on.</param>
    public void Send(Subscription subscription, StateDocument? state, string? reason, int remaining)
    {
        byte[] octets = ArrayPool<byte>.Shared.Rent(subscription.Head.Length + RoomForFields + (state is null ? 0 : state.MostOctets + ContentTypeOf(subscription, state).Length));
        int length = Write(octets, subscription, state, reason, remaining);
        int bodyLength = state is null ? 0 : state.Length(VersionOf(subscription));
        stack.Send(new RequestText(SipMethod.Notify, octets.AsSpan(0, length), bodyLength), subscription.Conversation, subscription.NextHop, this, subscription);
        ArrayPool<byte>.Shared.Return(octets);
        Counters.CountNotify();
    }

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipResponse response)
    {
        if (!response.IsProvisional)
        {
            // The number that we sent: what the answer says may be a lie. It is looked for in the NOTIFY only when it matters, for that takes time.
            uint cseq = ((Subscription)transaction.Tag!).IsAsking ? transaction.Request.CSeqNumber : 0;
            Tell(transaction, cseq, EndsSubscription(response.StatusCode), !response.IsSuccess, response.IsSuccess ? null : RetryAfter.Of(response));
        }
    }

    void IClientTransactionUser.OnTimeout(ClientTransaction transaction) => Tell(transaction, 0, isLost: true, isUnheard: true);

    // Who cannot be reached hears nothing: as if he had not answered.
    void IClientTransactionUser.OnTransportError(ClientTransaction transaction, SocketError? error) => Tell(transaction, 0, isLost: true, isUnheard: true);

    // RFC 6665 §4.2.2; 408 is what a proxy says in the place of Timer F.
    private static bool EndsSubscription(int status) => status is 404 or 405 or 408 or 410 or 416 or (>= 480 and <= 485) or 489 or 501 or 604;

    private void Tell(ClientTransaction transaction, uint cseq, bool isLost, bool isUnheard, TimeSpan? retryAfter = null)
    {
        if (isUnheard)
        {
            Counters.CountUnheard();
        }

        ((Subscription)transaction.Tag!).Answered(cseq, isLost, isUnheard, retryAfter);
    }

    private static int Write(Span<byte> target, Subscription subscription, StateDocument? state, string? reason, int remaining)
    {
        subscription.Head.CopyTo(target);
        int at = subscription.Head.Length;
        at = Put("CSeq: "u8, target, at);
        at = Put(subscription.LocalCSeq, target, at);
        if (reason is null or Pending)
        {
            at = Put(reason is null ? " NOTIFY\r\nSubscription-State: active;expires="u8 : " NOTIFY\r\nSubscription-State: pending;expires="u8, target, at);
            at = Put((uint)remaining, target, at);
        }
        else
        {
            at = Put(" NOTIFY\r\nSubscription-State: terminated;reason="u8, target, at);
            at += Encoding.ASCII.GetBytes(reason, target[at..]);
        }

        return state is null ? Put("\r\nContent-Length: 0\r\n\r\n"u8, target, at) : WriteBody(target, at, subscription, state);
    }

    private static int WriteBody(Span<byte> target, int at, Subscription subscription, StateDocument state)
    {
        at = Put("\r\nContent-Type: "u8, target, at);
        at += Encoding.ASCII.GetBytes(ContentTypeOf(subscription, state), target[at..]);
        at = Put("\r\nContent-Length: "u8, target, at);
        uint version = VersionOf(subscription);
        at = Put((uint)state.Length(version), target, at);
        at = Put("\r\n\r\n"u8, target, at);
        return at + state.Write(version, target[at..]);
    }

    private static uint VersionOf(Subscription subscription) => subscription.LocalCSeq - 1;

    private static string ContentTypeOf(Subscription subscription, StateDocument state) => state.ContentType ?? subscription.Package.ContentType;

    private static int Put(ReadOnlySpan<byte> octets, Span<byte> target, int at)
    {
        octets.CopyTo(target[at..]);
        return at + octets.Length;
    }

    private static int Put(uint number, Span<byte> target, int at)
    {
        Utf8Formatter.TryFormat(number, target[at..], out int digits);
        return at + digits;
    }
}
