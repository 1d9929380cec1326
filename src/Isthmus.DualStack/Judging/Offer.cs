// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a request offers: the session description in its body, if it has one that can be read.</summary>
public sealed record Offer
{
    // What a glance can find: each version set, unknown too, with and without ICE.
    private static readonly Offer[] Glanced = [.. Enumerable.Range(0, 10).Select(static at => new Offer(OfferKind.Session, null, new(VersionsAt(at), at % 2 == 1)))];

    private Offer(OfferKind kind, SessionDescription? session, SessionSummary summary) =>
        (Kind, Session, Versions, HasIce) = (kind, session, summary.Versions, summary.UsesIce);

    /// <summary>No body: the callee will offer (RFC 3261 §13.2.1).</summary>
    public static Offer None { get; } = new(OfferKind.None, null, default);

    /// <summary>A body that is no session description.</summary>
    public static Offer Foreign { get; } = new(OfferKind.Foreign, null, default);

    /// <summary>A session description that cannot be read.</summary>
    public static Offer Unreadable { get; } = new(OfferKind.Unreadable, null, default);

    /// <summary>What was found.</summary>
    public OfferKind Kind { get; }

    /// <summary>The description; null unless <see cref="Kind"/> is <see cref="OfferKind.Session"/>, and when it was only glanced at.</summary>
    public SessionDescription? Session { get; }

    /// <summary>The versions that every live media line can use by its <c>c=</c> alone; null: unknown.</summary>
    public IpVersions? Versions { get; }

    /// <summary>Whether every live media line does ICE. Towards a callee that does it too the offer is open: the call finds its own way.</summary>
    public bool HasIce { get; }

    /// <summary>The versions for a callee that understands more than <c>c=</c>; null: unknown. A glance sees no more than <c>c=</c>.</summary>
    public IpVersions? VersionsFor(SessionReaders readers) => readers == SessionReaders.None || Session is null ? Versions : SessionVersions.Of(Session, readers);

    /// <summary>The offer of a session description.</summary>
    public static Offer Of(SessionDescription session) => new(OfferKind.Session, session, SessionSummary.Of(session));

    /// <summary>Reads the body of a request (or of an answer to one): <c>application/sdp</c>, or a multipart body that holds one.</summary>
    public static Offer From(SipMessage message) => From(message.Text(HeaderName.ContentType), message.Text("Content-Encoding"), message.Body);

    /// <summary>
    /// Reads the body of a message only as far as a server needs it: what is found is as <see cref="From(SipMessage)"/> finds it, mostly
    /// without the description and without making anything.
    /// </summary>
    public static Offer Glance(SipMessage message)
    {
        if (message.Body.IsEmpty)
        {
            return None;
        }

        return IsPlainly(message, "application/sdp"u8) && SessionSummary.TryRead(message.Body, out var summary) ? Glanced[PlaceOf(summary)] : From(message);
    }

    /// <summary>Reads a body.</summary>
    /// <param name="contentType">The value of Content-Type with its parameters; null when absent.</param>
    /// <param name="contentEncoding">The value of Content-Encoding; null when absent. An encoded body is foreign.</param>
    /// <param name="body">The body as it came.</param>
    public static Offer From(string? contentType, string? contentEncoding, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return None;
        }

        if (contentEncoding is not (null or "" or "identity") || !SessionBody.TryFind(contentType, body, out var sdp))
        {
            return Foreign;
        }

        return SessionDescription.TryParse(sdp, out var session, out _) ? Of(session) : Unreadable;
    }

    // Of that type, without parameters and not encoded.
    private static bool IsPlainly(SipMessage message, ReadOnlySpan<byte> mediaType) =>
        message.TryGetValue(HeaderName.ContentType, out var type) && (type.SequenceEqual(mediaType) || System.Text.Ascii.EqualsIgnoreCase(type, mediaType))
        && !message.Has(HeaderName.ContentEncoding);

    private static IpVersions? VersionsAt(int at) => at >= 8 ? null : (IpVersions)(at / 2);

    private static int PlaceOf(SessionSummary summary) => ((summary.Versions is { } versions ? (int)versions : 4) * 2) + (summary.UsesIce ? 1 : 0);
}
