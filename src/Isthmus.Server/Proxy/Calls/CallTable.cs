// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server.Diagnostics;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>
/// The calls that are set up or established through the server. A call leaves the table with its BYE, its failure, or its age; at the
/// cap new ones go on without being listed (admission refuses them before, when it has the same cap).
/// </summary>
internal sealed class CallTable(SipStack stack, int capacity) : IForwardingObserver, ICallView
{
    /// <summary>A call whose BYE took another way is forgotten after this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<CallKey, Entry> _calls = new();
    private int _count;
    private long _answered;
    private long _failed;

    /// <summary>How many calls there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many have been answered since the start.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>How many have failed since the start, cancelled ones included.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <inheritdoc />
    public IEnumerable<CallSummary> Calls
    {
        get
        {
            foreach (Entry entry in _calls.Values)
            {
                Call call = entry.Call;
                string state = call.State switch { CallState.Calling => "calling", CallState.Ringing => "ringing", _ => "answered" };
                yield return new CallSummary(call.CallId, call.Caller, call.Callee, state, call.CallerVersion, call.CalleeVersion, call.Since, call.Verdict);
            }
        }
    }

    void IForwardingObserver.Started(RequestContext context)
    {
        SipRequest request = context.Request;
        if (request.Method == SipMethod.Bye)
        {
            // Either side may hang up: the caller's tag is in From or in To.
            Remove(new CallKey(request.CallId, request.From.Tag));
            Remove(new CallKey(request.CallId, request.To.Tag));
            return;
        }

        if (!IsCall(context) || Count >= capacity)
        {
            return;
        }

        var key = CallKey.Of(request);
        var entry = new Entry(new Call
        {
            CallId = request.CallId,
            Caller = request.From.Uri.ToString(),
            Callee = request.To.Uri.ToString(),
            CallerVersion = context.Arrival,
            Verdict = context.Verdict?.Reason.ToString(),
            Since = stack.Time.GetUtcNow(),
        });
        if (_calls.TryAdd(key, entry))
        {
            Interlocked.Increment(ref _count);
            entry.Timer = stack.RunIn(request.CallId, MaxAge, () => Remove(key));
        }
    }

    void IForwardingObserver.Sent(RequestContext context, in ProxyTarget target, Flow flow)
    {
        if (IsCall(context) && Find(context) is { Call.CalleeVersion: null } entry)
        {
            entry.Call = entry.Call with { CalleeVersion = target.Version };
        }
    }

    void IForwardingObserver.Responded(RequestContext context, in ProxyTarget target, SipResponse response)
    {
        if (!IsCall(context) || response.StatusCode >= 300 || Find(context) is not { Call.State: not CallState.Answered } entry)
        {
            return;
        }

        entry.Call = entry.Call with
        {
            State = response.IsSuccess ? CallState.Answered : CallState.Ringing,
            CalleeVersion = response.IsSuccess ? target.Version : entry.Call.CalleeVersion,
        };
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
            Remove(CallKey.Of(context.Request));
        }
    }

    private static bool IsCall(RequestContext context) => context.Request.Method == SipMethod.Invite && !context.IsInDialog;

    private Entry? Find(RequestContext context) => _calls.GetValueOrDefault(CallKey.Of(context.Request));

    private void Remove(CallKey key)
    {
        if (_calls.TryRemove(key, out Entry? entry))
        {
            Interlocked.Decrement(ref _count);
            entry.Timer?.Cancel();
        }
    }

    private readonly record struct CallKey(string CallId, string? CallerTag)
    {
        public static CallKey Of(SipRequest request) => new(request.CallId, request.From.Tag);
    }

    // Written on the conversation's owner, read by anyone: the record is replaced as a whole.
    private sealed class Entry(Call call)
    {
        private volatile Call _call = call;

        public Call Call
        {
            get => _call;
            set => _call = value;
        }

        public ConversationTimer? Timer { get; set; }
    }
}
