// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Server.Admission;
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>Answers PUBLISH: the event state compositor of RFC 3903 §6.</summary>
internal sealed class PublishHandler(EventHub hub, PublicationTable table, BelievedSender senders, GrantedInterval intervals)
{
    // Octets that are kept as long as the publication.
    private const int LongestBody = 16_384;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>A PUBLISH for one of our users.</summary>
    public StepResult Handle(RequestContext context, IEventPackage package, string aor)
    {
        SipRequest request = context.Request;
        if (!package.Sources.HasFlag(StateSources.Publications))
        {
            return context.Answer(context.Respond(489).Header(HeaderName.AllowEvents, hub.Packages.AllowEvents));
        }

        if (OptionTags.Unknown(request, HeaderName.Require, []) is { } unknown)
        {
            return context.Answer(context.Respond(420).Header(HeaderName.Unsupported, unknown));
        }

        // Everybody publishes for himself.
        return senders.Find(context, (context, sender) => sender == aor ? HandleOwn(context, package, aor) : context.Answer(403));
    }

    private StepResult HandleOwn(RequestContext context, IEventPackage package, string aor)
    {
        SipRequest request = context.Request;
        ulong? match = null;
        if (request.Has(HeaderName.SipIfMatch))
        {
            if (!request.TryGetOnlyValue(HeaderName.SipIfMatch, out ReadOnlySpan<byte> value) || value.IsEmpty)
            {
                return context.Answer(400, "Bad SIP-If-Match");
            }

            match = Hex64.TryRead(value, out ulong tag) ? tag : 0; // what is no tag of ours is the tag of nothing
        }

        return intervals.For(request) is not { } seconds
            ? context.Answer(context.Respond(423).Header(HeaderName.MinExpires, intervals.Least.ToString(CultureInfo.InvariantCulture)))
            : Publish(context, package, aor, match, seconds);
    }

    private StepResult Publish(RequestContext context, IEventPackage package, string aor, ulong? match, int seconds)
    {
        SipRequest request = context.Request;
        object? state = null;
        if (!request.Body.IsEmpty)
        {
            if (!request.HasContentType(package.ContentType) || request.Has(HeaderName.ContentEncoding))
            {
                return context.Answer(context.Respond(415).Header(HeaderName.Accept, package.ContentType));
            }

            if (request.Body.Length > LongestBody)
            {
                return context.Answer(413, "Too Much Is Published");
            }

            state = package.ReadPublished(request.Body, out string? problem);
            if (state is null)
            {
                return context.Answer(400, problem);
            }
        }
        else if (match is null)
        {
            return context.Answer(400, "Nothing Is Published");
        }

        PublishResult result = table.Publish(hub, package, aor, new(match, seconds) { State = state, Length = request.Body.Length }, request.Body);
        switch (result.Outcome)
        {
            case PublishOutcome.NoMatch:
                return context.Answer(412);
            case PublishOutcome.TooManyHere:
                return context.Answer(403, "Too Many Publications");
            case PublishOutcome.TooMuchHere:
                return context.Answer(413, "Too Much Is Published By All Devices");
            case PublishOutcome.TooMany:
                return context.AnswerLater(503, "Too Many Publications", RetryAfter);
            default:
                context.Answer(context.Respond(200)
                    .Header(HeaderName.SipETag, $"{result.EntityTag:x16}")
                    .Header(HeaderName.Expires, $"{seconds}"));
                if (result.HasChanged)
                {
                    hub.Changed(package, aor);
                }

                return StepResult.Answered;
        }
    }
}
