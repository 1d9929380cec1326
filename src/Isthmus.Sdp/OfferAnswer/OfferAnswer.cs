// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>
/// Offer and answer (RFC 3264) for one audio stream. A body is of one IP version throughout: <c>o=</c> and <c>c=</c> name the same address, since phones
/// refuse a mix.
/// </summary>
public static class OfferAnswer
{
    private const string AudioProtocol = "RTP/AVP";

    /// <summary>Makes an offer.</summary>
    /// <param name="local">What to offer.</param>
    /// <param name="previous">Our last description in this call. Its session goes on: the same number, the next version if anything changed, and as many
    /// media lines, the others with port 0 (RFC 3264 §8).</param>
    public static SessionDescription Offer(LocalAudio local, SessionDescription? previous = null)
    {
        var audio = AudioLine.Write(local, local.Codecs, local.Direction);
        var at = previous is null ? -1 : IndexOfAudio(previous);
        IEnumerable<MediaDescription> media = at < 0
            ? [audio, .. previous?.Media.Skip(1).Select(AudioLine.Reject) ?? []]
            : previous!.Media.Select((line, index) => index == at ? audio : AudioLine.Reject(line));
        return Session(local, media, previous);
    }

    /// <summary>Answers an offer: the first audio line that can be used is taken, every other line rejected, in the offer's order.</summary>
    /// <param name="offer">The other side's offer.</param>
    /// <param name="local">What we have; its address is of the version that the answer shall have.</param>
    /// <param name="previous">Our last description in this call; null for the first.</param>
    /// <param name="audio">What was agreed; <see cref="NegotiatedAudio.Local"/> is the answer to send.</param>
    /// <param name="fault">Why the offer cannot be answered; of several audio lines, the first one's.</param>
    public static bool TryAnswer(
        SessionDescription offer, LocalAudio local, SessionDescription? previous, [NotNullWhen(true)] out NegotiatedAudio? audio, out OfferAnswerFault fault)
    {
        (audio, fault) = (null, OfferAnswerFault.NoAudio);
        for (var at = 0; at < offer.Media.Length && audio is null; at++)
        {
            if (IsAudio(offer.Media[at]) && TryAnswerLine(offer, at, local, previous, out audio) is var found && fault == OfferAnswerFault.NoAudio)
            {
                fault = found;
            }
        }

        fault = audio is null ? fault : OfferAnswerFault.None;
        return audio is not null;
    }

    /// <summary>Reads the answer to our offer. An answer of the other IP version is no fault here: see <see cref="NegotiatedAudio.RemoteVersion"/>.</summary>
    /// <param name="offer">Our offer.</param>
    /// <param name="answer">The other side's answer.</param>
    /// <param name="audio">What was agreed.</param>
    /// <param name="fault">Why the answer cannot be used.</param>
    public static bool TryRead(SessionDescription offer, SessionDescription answer, [NotNullWhen(true)] out NegotiatedAudio? audio, out OfferAnswerFault fault)
    {
        audio = null;
        var at = IndexOfAudio(offer);
        fault = at < 0 ? OfferAnswerFault.NoAudio
            : answer.Media.Length != offer.Media.Length ? OfferAnswerFault.MediaCountDiffers
            : !HasSameKind(offer.Media[at], answer.Media[at]) ? OfferAnswerFault.MediaKindDiffers
            : !answer.Media[at].IsLive ? OfferAnswerFault.AudioRejected
            : OfferAnswerFault.None;
        if (fault != OfferAnswerFault.None)
        {
            return false;
        }

        var (ours, theirs) = (offer.Media[at], answer.Media[at]);
        var pairs = Pairs(theirs.Codecs, ours.Codecs);
        fault = answer.ConnectionOf(theirs) is not { Version: not null } ? OfferAnswerFault.NoConnection
            : !pairs.Exists(static pair => !pair.First.IsTelephoneEvent) ? OfferAnswerFault.NoCommonCodec
            : OfferAnswerFault.None;
        if (fault == OfferAnswerFault.None)
        {
            audio = Agree(offer, answer, at, pairs, offer.DirectionOf(ours) & Heard(answer, theirs));
        }

        return audio is not null;
    }

    private static OfferAnswerFault TryAnswerLine(SessionDescription offer, int at, LocalAudio local, SessionDescription? previous, out NegotiatedAudio? audio)
    {
        audio = null;
        var line = offer.Media[at];
        if (offer.ConnectionOf(line)?.Version is not { } version)
        {
            return OfferAnswerFault.NoConnection;
        }

        if (version != local.Rtp.Address.Version)
        {
            return OfferAnswerFault.VersionDiffers;
        }

        // RFC 3264 §6.1: the offer's order and its payload types.
        var pairs = Pairs(line.Codecs, local.Codecs);
        if (!pairs.Exists(static pair => !pair.First.IsTelephoneEvent))
        {
            return OfferAnswerFault.NoCommonCodec;
        }

        var direction = Heard(offer, line) & local.Direction;
        var codecs = pairs.Select(static pair => pair.Second with { PayloadType = pair.First.PayloadType }).ToList();
        var answer = Session(
            local, offer.Media.Select((other, index) => index == at ? AudioLine.Write(local, codecs, direction) : AudioLine.Reject(other)), previous);
        audio = Agree(answer, offer, at, Pairs(line.Codecs, codecs), direction);
        return OfferAnswerFault.None;
    }

    private static NegotiatedAudio Agree(
        SessionDescription local, SessionDescription remote, int at, List<(RtpCodec First, RtpCodec Second)> pairs, MediaDirection direction)
    {
        var (send, receive) = pairs.Find(static pair => !pair.First.IsTelephoneEvent);
        var digits = pairs.Find(static pair => pair.First.IsTelephoneEvent);
        return new()
        {
            Local = local,
            Remote = remote,
            MediaIndex = at,
            RemoteConnection = remote.ConnectionOf(remote.Media[at])!,
            Codec = send,
            ReceivePayloadType = receive.PayloadType,
            SendTelephoneEvent = digits.First?.PayloadType,
            ReceiveTelephoneEvent = digits.Second?.PayloadType,
            Direction = direction,
        };
    }

    // Each of the first that has its like among the second, in the order of the first, once per encoding.
    private static List<(RtpCodec First, RtpCodec Second)> Pairs(IEnumerable<RtpCodec> first, IEnumerable<RtpCodec> second)
    {
        var others = second.ToList();
        var pairs = new List<(RtpCodec First, RtpCodec Second)>();
        foreach (var codec in first)
        {
            if (others.Find(codec.IsSameEncoding) is { } like)
            {
                others.Remove(like);
                pairs.Add((codec, like));
            }
        }

        return pairs;
    }

    // What the other side lets us do. An unspecified address receives nothing (RFC 3264 §8.4, as RFC 2543 held calls).
    private static MediaDirection Heard(SessionDescription remote, MediaDescription line)
    {
        var direction = remote.DirectionOf(line);
        return (remote.ConnectionOf(line) is { IsUnspecified: true } ? direction & MediaDirection.SendOnly : direction).Mirrored;
    }

    private static SessionDescription Session(LocalAudio local, IEnumerable<MediaDescription> media, SessionDescription? previous)
    {
        var first = Origin.Create(local.Rtp.Address, local.SessionId, 1, local.Username);
        if (previous is null)
        {
            return SessionDescription.Create(first, ConnectionData.Create(local.Rtp.Address), media);
        }

        var same = first with { Username = previous.Origin.Username, SessionId = previous.Origin.SessionId, SessionVersion = previous.Origin.SessionVersion };
        var session = SessionDescription.Create(same, ConnectionData.Create(local.Rtp.Address), media);
        return session.Equals(previous) ? session : session.WithOrigin(same.Next());
    }

    private static int IndexOfAudio(SessionDescription session)
    {
        for (var at = 0; at < session.Media.Length; at++)
        {
            if (IsAudio(session.Media[at]))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsAudio(MediaDescription media) => media is { Kind: "audio", IsLive: true, Protocol: AudioProtocol };

    private static bool HasSameKind(MediaDescription a, MediaDescription b) =>
        a.Kind.Equals(b.Kind, StringComparison.OrdinalIgnoreCase) && a.Protocol.Equals(b.Protocol, StringComparison.OrdinalIgnoreCase);
}
