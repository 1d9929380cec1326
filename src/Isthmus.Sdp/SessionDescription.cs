// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Sdp;

/// <summary>
/// A session description (RFC 8866): immutable, read with <see cref="TryParse"/>, written with <see cref="ToBytes"/>. What was read is written as it
/// was, but for line ends, which become CRLF, and empty lines, which are left out. Two are equal when all their lines are.
/// </summary>
public sealed class SessionDescription : SdpSection, IEquatable<SessionDescription>
{
    private readonly Encoding _encoding;

    internal SessionDescription(ImmutableArray<SdpLine> lines, Origin origin, ImmutableArray<MediaDescription> media, Encoding encoding)
        : base(lines) => (Origin, Media, _encoding) = (origin, media, encoding);

    /// <summary>The media type of a session description in a message.</summary>
    public static string ContentType => "application/sdp";

    /// <summary>Who made it, <c>o=</c>.</summary>
    public Origin Origin { get; }

    /// <summary>The name, <c>s=</c>; <c>-</c> when there is none.</summary>
    public string Name => First('s') ?? "-";

    /// <summary>The media lines in order.</summary>
    public ImmutableArray<MediaDescription> Media { get; }

    /// <summary>The times (<c>t=</c>) that can be read.</summary>
    public IEnumerable<Timing> Times => Lines
        .Select(static line => line.Type == 't' && Timing.TryParse(line.Value, out var timing) ? timing : (Timing?)null)
        .OfType<Timing>();

    /// <summary>The groups of media lines that are alternatives by address type (<c>a=group:ANAT</c>, RFC 4091): the <c>mid</c>s of each.</summary>
    public IEnumerable<ImmutableArray<string>> AlternativeGroups => AttributeValues("group")
        .Select(static value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static names => names is ["ANAT", ..])
        .Select(static names => ImmutableArray.Create(names.AsSpan(1)));

    /// <summary>Makes a description of one address for the whole session, with <c>t=0 0</c>.</summary>
    public static SessionDescription Create(
        Origin origin, ConnectionData? connection, IEnumerable<MediaDescription> media, string name = "-", IEnumerable<SdpAttribute>? attributes = null)
    {
        var lines = ImmutableArray.CreateBuilder<SdpLine>();
        lines.Add(new('v', "0"));
        lines.Add(new('o', origin.ToString()));
        lines.Add(new('s', name));
        if (connection is not null)
        {
            lines.Add(new('c', connection.ToString()));
        }

        lines.Add(new('t', default(Timing).ToString()));
        lines.AddRange((attributes ?? []).Select(static attribute => attribute.ToLine()));
        return new(lines.ToImmutable(), origin, [.. media], Encoding.UTF8);
    }

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault. Lines may end in CRLF or LF.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out SessionDescription? session, [NotNullWhen(false)] out SdpFault? fault, SdpLimits? limits = null) =>
        new SdpReader(limits ?? SdpLimits.Default).TryRead(body, out session, out fault);

    /// <summary>Where a media line is received: its own <c>c=</c>, or the session's; null when neither says.</summary>
    public ConnectionData? ConnectionOf(MediaDescription media) => media.Connection ?? Connection;

    /// <summary>A media line's direction: its own attribute, or the session's, or both ways.</summary>
    public MediaDirection DirectionOf(MediaDescription media) => media.DirectionAttribute ?? DirectionAttribute ?? MediaDirection.SendReceive;

    /// <summary>
    /// Whether every live media line does ICE: it has a candidate that can be read, and a user name fragment (RFC 8839 §5.4). False without live media.
    /// </summary>
    public bool UsesIce
    {
        get
        {
            var any = false;
            foreach (var media in Media)
            {
                if (media.IsLive)
                {
                    any = true;
                    if (!media.Candidates.Any() || !(media.HasAttribute("ice-ufrag") || HasAttribute("ice-ufrag")))
                    {
                        return false;
                    }
                }
            }

            return any;
        }
    }

    /// <summary>The same session with another origin.</summary>
    public SessionDescription WithOrigin(Origin origin) =>
        new([.. Lines.Select(line => line.Type == 'o' ? new SdpLine('o', origin.ToString()) : line)], origin, Media, _encoding);

    /// <summary>The bytes for a message's body; every line ends in CRLF.</summary>
    public byte[] ToBytes() => _encoding.GetBytes(ToString());

    /// <summary>The text of the body.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in Lines.Concat(Media.SelectMany(static media => media.Lines)))
        {
            text.Append(line.Type).Append('=').Append(line.Value).Append("\r\n");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(SessionDescription? other) =>
        other is not null && Lines.SequenceEqual(other.Lines) && Media.Length == other.Media.Length
        && Media.Zip(other.Media).All(static pair => pair.First.Lines.SequenceEqual(pair.Second.Lines));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionDescription);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, Lines.Length, Media.Length);
}
