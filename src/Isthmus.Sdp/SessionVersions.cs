// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>Which ways of naming a second address the reader of an offer understands.</summary>
[Flags]
public enum SessionReaders
{
    /// <summary>None: only <c>c=</c> counts, as in most phones.</summary>
    None = 0,

    /// <summary><c>a=altc</c> (RFC 6947).</summary>
    Altc = 1,

    /// <summary><c>a=group:ANAT</c> (RFC 4091).</summary>
    Anat = 2,

    /// <summary><c>a=candidate</c> (RFC 8839).</summary>
    Ice = 4,
}

/// <summary>The IP versions that a session description can use for media: those that every live media line can.</summary>
public static class SessionVersions
{
    /// <summary>The versions of a body; null when it cannot be read or says nothing about a version (<see cref="Of(SessionDescription, SessionReaders)"/>).</summary>
    public static IpVersions? Of(ReadOnlySpan<byte> body, SessionReaders readers = SessionReaders.None) =>
        SessionDescription.TryParse(body, out var session, out _) ? Of(session, readers) : null;

    /// <summary>
    /// The versions that every media line with a port other than 0 can use. <see cref="IpVersions.None"/>: the lines exclude each other;
    /// <see cref="IpVersions.Both"/> when there is no such line; null: a line has no <c>c=</c>, or one that is not of the Internet.
    /// </summary>
    public static IpVersions? Of(SessionDescription session, SessionReaders readers = SessionReaders.None)
    {
        var all = IpVersions.Both;
        var groups = readers.HasFlag(SessionReaders.Anat)
            ? session.AlternativeGroups.Select(static mids => new Group([.. mids])).ToList() : [];
        foreach (var media in session.Media)
        {
            if (!media.IsLive)
            {
                continue;
            }

            if (OfLine(session, media, readers) is not { } versions)
            {
                return null;
            }

            if (media.Mid is { } mid && groups.Find(group => group.Mids.Contains(mid)) is { } group)
            {
                group.Versions |= versions;
            }
            else
            {
                all &= versions;
            }
        }

        foreach (var group in groups)
        {
            // A group whose every line was rejected asks for nothing.
            all &= group.Versions == IpVersions.None ? IpVersions.Both : group.Versions;
        }

        return all;
    }

    private static IpVersions? OfLine(SessionDescription session, MediaDescription media, SessionReaders readers)
    {
        if (session.ConnectionOf(media)?.Version is not { } version)
        {
            return null;
        }

        var versions = version.AsSet;
        if (readers.HasFlag(SessionReaders.Altc))
        {
            versions |= OfAlternatives(session.ConnectionOf(media)!, media);
        }

        if (readers.HasFlag(SessionReaders.Ice))
        {
            foreach (var candidate in media.Candidates)
            {
                versions |= candidate.Version?.AsSet ?? IpVersions.None;
            }
        }

        return versions;
    }

    // RFC 6947 §4.2: without a duplicate of the c= and m= lines among them, the alternatives are to be ignored.
    private static IpVersions OfAlternatives(ConnectionData connection, MediaDescription media)
    {
        var (versions, duplicate) = (IpVersions.None, false);
        foreach (var alternative in media.Alternatives)
        {
            versions |= alternative.Version.AsSet;
            duplicate |= alternative.Port == media.Port && alternative.Version == connection.Version
                && (alternative.Address is { } address ? address.Equals(connection.Address)
                    : alternative.AddressText.Equals(connection.AddressText, StringComparison.OrdinalIgnoreCase));
        }

        return duplicate ? versions : IpVersions.None;
    }

    private sealed class Group(HashSet<string> mids)
    {
        public HashSet<string> Mids { get; } = mids;

        public IpVersions Versions { get; set; }
    }
}
