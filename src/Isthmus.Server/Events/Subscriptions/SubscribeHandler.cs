// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Isthmus.Server.Admission;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>Answers SUBSCRIBE for packages that are served here (RFC 6665 §4.2.1).</summary>
internal sealed class SubscribeHandler(EventHub hub, Notifier notifier, BelievedSender senders, GrantedInterval intervals, WatcherWay ways, SipStack stack)
{
    // Octets that are kept as long as the subscription.
    private const int LongestHead = 4096;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly string[] KnownExtensions = ["eventlist", RecipientList.Extension];

    /// <summary>A SUBSCRIBE that begins a subscription to one of our users, or to a list.</summary>
    public StepResult Begin(RequestContext context, IEventPackage package, string aor)
    {
        if (OptionTags.Unknown(context.Request, HeaderName.Require, KnownExtensions) is { } unknown)
        {
            return context.Answer(context.Respond(420).Header(HeaderName.Unsupported, unknown));
        }

        if (intervals.For(context.Request) is not { } seconds)
        {
            return AnswerTooBrief(context);
        }

        return senders.Find(context, (context, watcher) => Begin(context, package, aor, watcher, seconds));
    }

    private StepResult Begin(RequestContext context, IEventPackage package, string aor, string? watcher, int seconds)
    {
        if (hub.Open(package, aor, watcher, context.Request, out ListRefusal? refusal) is not { Access: not Access.Deny } source)
        {
            return refusal is null ? context.Answer(403) : context.Answer(refusal.Status, refusal.Reason);
        }

        if (source.IsList && !context.Request.Lists(HeaderName.Supported, "eventlist"u8))
        {
            return context.Answer(context.Respond(421).Header(HeaderName.Require, "eventlist"u8)); // RFC 4662 §4.2
        }

        return !source.IsList && !Accepts(context.Request, package.ContentType)
            ? context.Answer(406)
            : ways.Find(context, (context, place) => Begin(context, new(package, aor, watcher, source), seconds, place));
    }

    /// <summary>A SUBSCRIBE in the dialog of a subscription.</summary>
    public StepResult Renew(RequestContext context, Subscription subscription)
    {
        SipRequest request = context.Request;
        if (!EventName.TryRead(request, out EventName name) || hub.Packages.Find(name.Package) != subscription.Package || !name.HasIdOf(NotifyHeadFields.Event(subscription.Head)))
        {
            return context.Answer(context.Respond(489).Header(HeaderName.AllowEvents, hub.Packages.AllowEvents)); // RFC 6665 §4.5.2: no second subscription in this dialog
        }

        return request.CSeqNumber < subscription.RemoteCSeq ? context.Answer(500, "CSeq Out Of Order") // RFC 3261 §12.2.2
            : intervals.For(request) is not { } seconds ? AnswerTooBrief(context)
            : HasMoved(subscription, request) ? ways.Find(context, (context, place) => Renew(context, subscription, seconds, place))
            : Renew(context, subscription, seconds, new(subscription.NextHop));
    }

    private StepResult Begin(RequestContext context, Asked asked, int seconds, WatcherPlace place)
    {
        (IEventPackage package, string aor, string? watcher, IEventSource source) = asked;
        if (stack.FlowTowards(place.NextHop) is not { } flow)
        {
            return context.Answer(480, "No Way To The Watcher");
        }

        Span<byte> tag = stackalloc byte[Hex64.Length];
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Hex64.Write(number, tag);
        string contact = ContactAt(flow);
        _ = EventName.TryRead(context.Request, out EventName name);
        if (NotifyHead.Compose(context.Request, place.RequestUri.Span, tag, source.EventInNotify ?? name.ForNotify(), contact, source.IsList) is not { } head)
        {
            return context.Answer(400, "Bad Contact Or Record-Route");
        }

        if (head.Length > LongestHead)
        {
            return AnswerTooLong(context);
        }

        ulong watcherNumber = SubscriptionPlaces.NumberOf(watcher);
        if (notifier.Places.Take(watcherNumber) is { } refusal)
        {
            return refusal == 503 ? context.AnswerLater(refusal, "Too Many Subscriptions", RetryAfter) : context.Answer(refusal, "Too Many Subscriptions");
        }

        long now = notifier.Now;
        var record = new SubscriptionRecord(number, context.Request.CallIdHash, head, place.NextHop, 0, context.Request.CSeqNumber, now + (seconds * 1000L), ways.IsAtHome(context, place.NextHop, watcher));
        var subscription = new Subscription(notifier, package, source, record) { WatcherNumber = watcherNumber };
        notifier.Add(subscription);
        if (seconds > 0)
        {
            notifier.Keep(subscription, aor, watcher);
        }

        Accept(context, tag, contact, seconds, source.IsList);
        subscription.Begin(now);
        return StepResult.Answered;
    }

    private StepResult Renew(RequestContext context, Subscription subscription, int seconds, WatcherPlace place)
    {
        if (stack.FlowTowards(place.NextHop) is not { } flow)
        {
            return context.Answer(480, "No Way To The Watcher");
        }

        if (notifier.Find(context.Request) != subscription)
        {
            return context.Answer(481); // it ended while its watcher was looked for
        }

        byte[] head = NotifyHead.WithTarget(subscription.Head, context.Request, place.RequestUri.Span);
        if (head.Length > LongestHead)
        {
            return AnswerTooLong(context);
        }

        long now = notifier.Now;
        Accept(context, default, ContactAt(flow), seconds, subscription.IsList);
        subscription.Source.Renewed(context.Request);
        subscription.Renew(context.Request.CSeqNumber, now + (seconds * 1000L), head, place.NextHop, ways.IsAtHome(context, place.NextHop, null), now);
        return StepResult.Answered;
    }

    private static void Accept(RequestContext context, ReadOnlySpan<byte> tag, string contact, int seconds, bool isList)
    {
        ResponseBuilder response = context.Respond(200, tag)
            .CopyRecordRoutes()
            .Header(HeaderName.Contact, contact)
            .Header(HeaderName.Expires, seconds.ToString(CultureInfo.InvariantCulture));
        context.Answer(isList ? response.Header(HeaderName.Require, "eventlist"u8) : response);
    }

    // A watcher that has another Contact, or comes by another connection, is notified there from now on.
    private static bool HasMoved(Subscription subscription, SipRequest request) =>
        NotifyHead.WithTarget(subscription.Head, request, default) != subscription.Head || subscription.NextHop.Flow is { IsAlive: false };

    private static StepResult AnswerTooLong(RequestContext context) => context.Answer(513, "Too Much To Repeat In Every NOTIFY");

    private StepResult AnswerTooBrief(RequestContext context) =>
        context.Answer(context.Respond(423).Header(HeaderName.MinExpires, intervals.Least.ToString(CultureInfo.InvariantCulture)));

    // RFC 6665 §3.1.3: without Accept the package's own type is meant.
    private static bool Accepts(SipRequest request, string contentType)
    {
        if (!request.Has(HeaderName.Accept))
        {
            return true;
        }

        foreach (string value in request.Values(HeaderName.Accept))
        {
            string type = value.Split(';', 2)[0].Trim();
            if (type is "*/*" or "application/*" || type.Equals(contentType, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Asked(IEventPackage Package, string Aor, string? Watcher, IEventSource Source);

    private static string ContactAt(Flow flow) => flow.Transport == SipTransport.Udp ? $"<sip:{flow.SentBy}>" : $"<sip:{flow.SentBy};transport={flow.Transport.UriToken}>";
}
