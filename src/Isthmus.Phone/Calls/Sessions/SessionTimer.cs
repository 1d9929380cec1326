// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>The session timer of a call (RFC 4028): refreshes where it is ours to do so, ends the call where the other side's refresh does not come.</summary>
internal sealed class SessionTimer(PhoneContext phone, string callId, Action refresh, Action expired)
{
    private ConversationTimer? _timer;

    /// <summary>The interval that both sides agreed on; null: the session does not expire.</summary>
    public SessionInterval? Agreed { get; private set; }

    /// <summary>Whether the refresh is ours.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>What a first request asks for; null: nothing.</summary>
    public static SessionInterval? Initial(PhoneOptions options) => options.SessionExpires > TimeSpan.Zero
        ? new SessionInterval((int)Math.Max(options.SessionExpires.TotalSeconds, options.MinSessionExpires.TotalSeconds), null)
        : null;

    /// <summary>Writes what we want into a request; at least the other side's minimum.</summary>
    public static void Ask(RequestBuilder request, SessionInterval? interval, int minimum)
    {
        if (interval is { } wanted)
        {
            request.Header(HeaderName.SessionExpires, (wanted with { Seconds = Math.Max(wanted.Seconds, minimum) }).ToString());
            if (minimum > SessionInterval.Shortest)
            {
                request.Header(HeaderName.MinSe, minimum.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Whether a request asks for less than we accept; it is then answered with 422 and our Min-SE (RFC 4028 §9).</summary>
    public static bool IsTooShort(SipRequest request, PhoneOptions options) =>
        SessionInterval.Of(request) is { } asked && asked.Length < options.MinSessionExpires && request.Lists(HeaderName.Supported, "timer");

    /// <summary>What a 2xx to <paramref name="request"/> says (RFC 4028 §9); null: no session timer.</summary>
    public static SessionInterval? AnswerTo(SipRequest request, PhoneOptions options)
    {
        var supported = request.Lists(HeaderName.Supported, "timer");
        if (SessionInterval.Of(request) is { } asked)
        {
            var seconds = Math.Max(asked.Seconds, (int)options.MinSessionExpires.TotalSeconds);
            return new(supported ? asked.Seconds : seconds, supported && (asked.RefresherIsCaller ?? true));
        }

        return supported && options.SessionExpires >= options.MinSessionExpires
            ? new(Math.Max((int)options.SessionExpires.TotalSeconds, SessionInterval.MinimumOf(request)), true)
            : null;
    }

    /// <summary>Writes what was agreed into a 2xx.</summary>
    public static void Write(ResponseBuilder response, SessionInterval? agreed)
    {
        if (agreed is { } interval)
        {
            response.Header(HeaderName.SessionExpires, interval.ToString());
            if (interval.RefresherIsCaller == true)
            {
                response.Header(HeaderName.Require, "timer");
            }
        }
    }

    /// <summary>Writes into a request what was agreed, or what the options say; the refresher named as its sender sees it.</summary>
    public void Ask(RequestBuilder request, int minimum) =>
        Ask(request, Agreed is { } agreed ? agreed with { RefresherIsCaller = IsOurs } : Initial(phone.Options), minimum);

    /// <summary>A 2xx was sent or received: the interval starts anew. RFC 4028 §10: refresh at half of it; end at its end less a third, 32 s at most.</summary>
    /// <param name="agreed">What the 2xx says.</param>
    /// <param name="weAsked">Whether the request was ours.</param>
    public void Start(SessionInterval? agreed, bool weAsked)
    {
        _timer?.Cancel();
        Agreed = agreed;
        if (agreed is not { Seconds: > 0 } interval)
        {
            return;
        }

        IsOurs = (interval.RefresherIsCaller ?? true) == weAsked;
        var length = interval.Length;
        var spare = TimeSpan.FromTicks(Math.Min(TimeSpan.FromSeconds(32).Ticks, length.Ticks / 3));
        _timer = IsOurs ? phone.Stack.RunIn(callId, length / 2, refresh) : phone.Stack.RunIn(callId, length - spare, expired);
    }

    public void Stop() => _timer?.Cancel();
}
