// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.DualStack;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// A place in the call table: one call after the other stands in it. Texts lie in one buffer and become strings when a person asks.
/// Under its shelf's lock.
/// </summary>
internal sealed class CallEntry
{
    private const int Granularity = 64;

    private byte[] _text = [];
    private int _callIdLength;
    private int _callerLength;
    private int _calleeLength;

    /// <summary>Tells the calls of this place apart.</summary>
    public long Number { get; private set; }

    /// <summary>The key in the table.</summary>
    public ulong Key { get; private set; }

    /// <summary>When its INVITE came.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>How far it is.</summary>
    public CallState State { get; set; }

    /// <summary>The version of the caller's side.</summary>
    public IpVersion CallerVersion { get; private set; }

    /// <summary>The version of the target that was sent to first, and of the one that answered once there is one.</summary>
    public IpVersion? CalleeVersion { get; set; }

    /// <summary>Why the judge forwarded it; null when it was not judged.</summary>
    public VerdictReason? Verdict { get; private set; }

    /// <summary>The call before and after it, in the order in which they came.</summary>
    public CallEntry? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    public CallEntry? Newer { get; set; }

    /// <summary>Another call takes the place.</summary>
    public void Begin(ulong key, RequestContext context, DateTimeOffset now)
    {
        (Key, Since, State, CallerVersion, CalleeVersion, Verdict) = (key, now, CallState.Calling, context.Arrival, null, context.Verdict?.Reason);
        Number++;
        SipRequest request = context.Request;
        ReadOnlySpan<byte> callId = request.CallIdBytes;
        ReadOnlySpan<byte> caller = request.FromView.Uri;
        ReadOnlySpan<byte> callee = request.ToView.Uri;
        (_callIdLength, _callerLength, _calleeLength) = (callId.Length, caller.Length, callee.Length);
        int length = callId.Length + caller.Length + callee.Length;
        if (_text.Length < length)
        {
            _text = new byte[(length + Granularity - 1) / Granularity * Granularity];
        }

        callId.CopyTo(_text);
        caller.CopyTo(_text.AsSpan(callId.Length));
        callee.CopyTo(_text.AsSpan(callId.Length + caller.Length));
    }

    /// <summary>The call is over: who still names it names nothing.</summary>
    public void Forget() => Number++;

    /// <summary>The call as people see it.</summary>
    public CallSummary ToSummary() => new(
        Text(0, _callIdLength),
        Text(_callIdLength, _callerLength),
        Text(_callIdLength + _callerLength, _calleeLength),
        State switch { CallState.Calling => "calling", CallState.Ringing => "ringing", _ => "answered" },
        CallerVersion,
        CalleeVersion,
        Since,
        Verdict?.ToString());

    private string Text(int start, int length) => Encoding.UTF8.GetString(_text, start, length);
}
