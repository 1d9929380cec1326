// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The calls that are set up or established through the server. A call leaves the table with its BYE, its failure, or its age; at the
/// cap new ones go on without being listed (admission refuses them before, when it has the same cap).
/// </summary>
internal sealed class CallTable : IForwardingObserver, ICallView
{
    /// <summary>A call whose BYE took another way is forgotten after this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    private const int Shelves = 16;

    private readonly CallShelf[] _shelves = [.. Enumerable.Range(0, Shelves).Select(_ => new CallShelf())];
    private readonly KeyedHash _tags = KeyedHash.Random();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private int _count;
    private long _answered;
    private long _failed;

    /// <param name="time">The clock.</param>
    /// <param name="capacity">How many calls are listed at most.</param>
    public CallTable(TimeProvider time, int capacity) => (_time, _capacity) = (time, capacity);

    /// <summary>How many calls there are.</summary>
    public int Count
    {
        get
        {
            RemoveOld();
            return Volatile.Read(ref _count);
        }
    }

    /// <summary>Whether it has no room for another call. Cheap as long as there is room.</summary>
    public bool IsFull => Volatile.Read(ref _count) >= _capacity && Count >= _capacity;

    /// <summary>How many have been answered since the start.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>How many have failed since the start, cancelled ones included.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <inheritdoc />
    public IEnumerable<CallSummary> Calls
    {
        get
        {
            RemoveOld();
            return _shelves.SelectMany(shelf => shelf.Snapshot());
        }
    }

    void IForwardingObserver.Started(RequestContext context)
    {
        SipRequest request = context.Request;
        if (request.Method == SipMethod.Bye)
        {
            // Either side may hang up: the caller's tag is in From or in To.
            Remove(KeyOf(request, request.FromView.Tag));
            Remove(KeyOf(request, request.ToView.Tag));
            return;
        }

        if (!IsCall(context) || IsFull)
        {
            return;
        }

        ulong key = KeyOf(request, request.FromView.Tag);
        context.Call = ShelfOf(key).Add(key, context, _time.GetUtcNow());
        if (context.Call.Entry is not null)
        {
            Interlocked.Increment(ref _count);
        }
    }

    void IForwardingObserver.Sent(RequestContext context, in ProxyTarget target, Flow flow) => Note(context, CallState.Calling, target);

    void IForwardingObserver.Responded(RequestContext context, in ProxyTarget target, SipResponse response)
    {
        if (response.StatusCode < 300)
        {
            Note(context, response.IsSuccess ? CallState.Answered : CallState.Ringing, target);
        }
    }

    void IForwardingObserver.Finished(RequestContext context, int status)
    {
        if (!IsCall(context))
        {
            return;
        }

        if (status < 300)
        {
            Interlocked.Increment(ref _answered);
        }
        else
        {
            Interlocked.Increment(ref _failed);
            Remove(KeyOf(context.Request, context.Request.FromView.Tag));
        }
    }

    private static bool IsCall(RequestContext context) => context.Request.Method == SipMethod.Invite && !context.IsInDialog;

    private void Note(RequestContext context, CallState state, in ProxyTarget target)
    {
        if (context.Call.Entry is { } entry)
        {
            ShelfOf(entry.Key).Note(context.Call, state, target.Version);
        }
    }

    // Both numbers are keyed: that two calls meet is not to be feared, by chance or on purpose.
    private ulong KeyOf(SipRequest request, ReadOnlySpan<byte> callerTag) => request.CallIdHash ^ BitOperations.RotateLeft(_tags.Quick(callerTag), 1);

    private CallShelf ShelfOf(ulong key) => _shelves[key % Shelves];

    private void Remove(ulong key)
    {
        if (ShelfOf(key).Remove(key))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private void RemoveOld()
    {
        DateTimeOffset then = _time.GetUtcNow() - MaxAge;
        foreach (CallShelf shelf in _shelves)
        {
            if (shelf.RemoveOlderThan(then) is > 0 and var count)
            {
                Interlocked.Add(ref _count, -count);
            }
        }
    }
}
