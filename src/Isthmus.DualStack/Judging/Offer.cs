// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a request offers: the session description in its body, if it has one that can be read.</summary>
public sealed record Offer
{
    private Offer(OfferKind kind, SessionDescription? session)
    {
        (Kind, Session) = (kind, session);
        Versions = VersionsFor(SessionReaders.None);
        HasIce = session?.UsesIce ?? false;
    }

    /// <summary>No body: the callee will offer (RFC 3261 §13.2.1).</summary>
    public static Offer None { get; } = new(OfferKind.None, null);

    /// <summary>A body that is no session description.</summary>
    public static Offer Foreign { get; } = new(OfferKind.Foreign, null);

    /// <summary>A session description that cannot be read.</summary>
    public static Offer Unreadable { get; } = new(OfferKind.Unreadable, null);

    /// <summary>What was found.</summary>
    public OfferKind Kind { get; }

    /// <summary>The description; null unless <see cref="Kind"/> is <see cref="OfferKind.Session"/>.</summary>
    public SessionDescription? Session { get; }

    /// <summary>The versions that every live media line can use by its <c>c=</c> alone; null: unknown.</summary>
    public IpVersions? Versions { get; }

    /// <summary>Whether every live media line does ICE. Towards a callee that does it too the offer is open: the call finds its own way.</summary>
    public bool HasIce { get; }

    /// <summary>The versions for a callee that understands more than <c>c=</c>; null: unknown.</summary>
    public IpVersions? VersionsFor(SessionReaders readers) => Session is null ? null : SessionVersions.Of(Session, readers);

    /// <summary>The offer of a session description.</summary>
    public static Offer Of(SessionDescription session) => new(OfferKind.Session, session);

    /// <summary>Reads the body of a request (or of an answer to one): <c>application/sdp</c>, or a multipart body that holds one.</summary>
    public static Offer From(SipMessage message) => From(message.Text(HeaderName.ContentType), message.Text("Content-Encoding"), message.Body);

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
}
