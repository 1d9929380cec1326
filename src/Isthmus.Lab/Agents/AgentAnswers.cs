// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// What the lab itself answers in the place of a terminal or a server: it rings for every INVITE until that is cancelled, notifies who subscribes or refreshes, and
/// says 200 to everything else, at once, so that what is measured is the time of the others. As <see cref="Unavailable"/> it is a server that has too much to do.
/// </summary>
internal sealed class AgentAnswers
{
    /// <summary>The user whose INVITEs get 503.</summary>
    public const string Unavailable = "unavailable";

    private const int DefaultExpires = 3600;

    private readonly ConcurrentDictionary<(string CallId, uint Sequence, string Branch), SipRequest> _ringing = [];
    private readonly ConcurrentDictionary<string, HashSet<string>> _branches = [];
    private readonly Channel<SipRequest> _notified = Channel.CreateUnbounded<SipRequest>();
    private uint _notifications;

    /// <summary>The NOTIFYs that came, each once.</summary>
    public ChannelReader<SipRequest> Notified => _notified.Reader;

    /// <summary>The INVITE transactions that it saw of a call: a retransmission is the same one, by whichever way it came.</summary>
    public int InvitesOf(string callId) => _branches.TryGetValue(callId, out HashSet<string>? branches) ? branches.Count : 0;

    /// <summary>Takes what was received; the answers go to that action, at once.</summary>
    public void Take(ReadOnlySpan<byte> bytes, Action<ReadOnlyMemory<byte>> answer)
    {
        if (SipParser.Parse(bytes).Message is not SipRequest request || request.Method == SipMethod.Ack)
        {
            return;
        }

        (string CallId, uint Sequence, string Branch) key = (request.CallId, request.CSeqNumber, request.TopVia.Branch ?? "");
        if (request is { Method: var method, RequestSipUri.User: Unavailable } && method == SipMethod.Invite)
        {
            answer(request.Answer(503, toTag: "lab").Header(HeaderName.RetryAfter, "60").Build().Bytes);
            return;
        }

        if (request.Method == SipMethod.Invite)
        {
            _ringing[key] = request;
            HashSet<string> branches = _branches.GetOrAdd(request.CallId, _ => []);
            lock (branches)
            {
                branches.Add(key.Branch);
            }

            answer(request.Answer(180, toTag: "lab").CopyRecordRoutes().Header(HeaderName.Contact, $"<{request.RequestUriText}>").Build().Bytes);
            return;
        }

        ResponseBuilder good = request.Answer(200, toTag: "lab").CopyRecordRoutes();
        if (request.Method != SipMethod.Message) // RFC 3428 §6: no Contact
        {
            good.Header(HeaderName.Contact, $"<{request.RequestUriText}>");
        }

        if (request.Method == SipMethod.Subscribe)
        {
            good.Header(HeaderName.Expires, (request.Expires ?? DefaultExpires).ToString(CultureInfo.InvariantCulture));
        }

        answer(good.Build().Bytes);
        if (request.Method == SipMethod.Subscribe)
        {
            answer(Notification(request).Bytes);
        }

        if (request.Method == SipMethod.Notify && _branches.TryAdd(key.Branch, []))
        {
            _notified.Writer.TryWrite(request);
        }

        if (request.Method == SipMethod.Cancel && _ringing.TryRemove(key, out SipRequest? invite))
        {
            answer(invite.Answer(487, toTag: "lab").Build().Bytes);
        }
    }

    // What the subscriber is told at once (RFC 6665 §4.2.1.2), by the way its request came.
    private SipRequest Notification(SipRequest subscribe)
    {
        var builder = new RequestBuilder(SipMethod.Notify, subscribe.Contacts[0].Uri)
            .Header(HeaderName.Via, $"{subscribe.TopVia.ToString().Split(' ')[0]} lab.invalid;rport;branch={subscribe.TopVia.Branch}-notify")
            .MaxForwards();
        foreach (NameAddr route in subscribe.RecordRoutes)
        {
            builder.Route(route);
        }

        return builder
            .Header(HeaderName.From, $"<{subscribe.To.Uri}>;tag=lab")
            .To(subscribe.From)
            .CallId(subscribe.CallId)
            .CSeq(Interlocked.Increment(ref _notifications))
            .Header(HeaderName.Contact, $"<{subscribe.RequestUriText}>")
            .Header(HeaderName.Event, "presence")
            .Header(HeaderName.SubscriptionState, subscribe.Expires == 0 ? "terminated;reason=timeout" : "active")
            .Body(PresenceContent.Type, PresenceContent.Of(subscribe.To.Uri.ToString(), "here"))
            .Build();
    }
}
