// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using Isthmus.DualStack;
using Isthmus.Media;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>The audio of one call: its session descriptions, and the media session that they lead to. An offer of another version opens a second one, which
/// replaces the first when it is accepted. Confined to the owner of the Call-ID, but for what says otherwise.</summary>
internal sealed class CallMedia(PhoneContext phone, Call call) : IMediaObserver
{
    public const string ContentType = "application/sdp";

    private readonly ulong _sessionId = (ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue);
    private volatile MediaSession? _current;
    private MediaSession? _next;
    private SessionDescription? _local;
    private NegotiatedAudio? _agreed;
    private NegotiatedAudio? _pending;
    private CallAudio? _opened;
    private bool _isHeld;
    private bool _willHold;
    private bool _isClosed;

    /// <summary>The sound that the caller gave for this call; null: <see cref="PhoneOptions.Audio"/> is asked.</summary>
    public CallAudio? Audio { get; set; }

    /// <summary>Where the signalling goes: the media leaves by the same interface where its version allows.</summary>
    public IPAddress Towards { get; set; } = IPAddress.IPv6None;

    /// <summary>The versions by which this call can have media.</summary>
    public IpVersions Possible => phone.MediaVersions(Towards);

    /// <summary>The version of the media that runs; null: none does. May be read by anybody.</summary>
    public IpVersion? Version => _current?.LocalRtp.Address.Version;

    /// <summary>The codec that is agreed; null: none is.</summary>
    public AudioCodec? Codec => _agreed is { } agreed ? Sound(agreed.Codec) : null;

    /// <summary>Who holds the call.</summary>
    public HoldState Hold =>
        (_isHeld ? HoldState.Local : HoldState.None) | (_agreed is { HeldByRemote: true } ? HoldState.Remote : HoldState.None);

    /// <summary>Our next offer; null if there is no address or no port for it.</summary>
    /// <param name="version">The version to offer.</param>
    /// <param name="hold">Whether to hold the call from then on; null: as it is.</param>
    public byte[]? TryOffer(IpVersion? version, bool? hold)
    {
        if (version is not { } wanted || !TryPrepare(wanted))
        {
            return null;
        }

        _willHold = hold ?? _isHeld;
        _local = OfferAnswer.Offer(Local(_next!), _local);
        return _local.ToBytes();
    }

    /// <summary>The other side refused our offer: everything stays as it was (RFC 3264 §8).</summary>
    public void Withdraw()
    {
        if (_next != _current)
        {
            _next?.Dispose();
        }

        _next = null;
        _willHold = _isHeld;
    }

    /// <summary>The answer to our offer, in a 2xx or an ACK. If it can be used it is.</summary>
    public MediaAnswer Accept(SipMessage message)
    {
        if (_next is not { } offered || _local is null)
        {
            return new("there was no offer");
        }

        if (Offer.From(message).Session is not { } session)
        {
            return new("no session description that can be read");
        }

        if (!OfferAnswer.TryRead(_local, session, out var audio, out var fault))
        {
            return new(Text(fault));
        }

        var version = offered.LocalRtp.Address.Version;
        if (audio.RemoteVersion is { } other && other != version)
        {
            return new($"{other.DisplayName} was answered to {version.DisplayName}", other);
        }

        if (audio.RemoteRtp is null)
        {
            return new("no IP address in c=");
        }

        _pending = audio;
        Start();
        return MediaAnswer.Usable;
    }

    /// <summary>A provisional answer to our offer: sound before the call is answered. False if it cannot be used; nothing is lost then.</summary>
    public bool Preview(SipMessage message) => Accept(message).IsUsable;

    /// <summary>Judges an offer of the other side and prepares the answer to it; <see cref="Start"/> makes it count.</summary>
    /// <param name="request">The INVITE or UPDATE.</param>
    /// <param name="arrival">The version that it came by, which decides where the offer leaves a choice.</param>
    /// <param name="mayRedirect">Whether a redirect can be answered to it: not inside a dialog.</param>
    public OfferVerdict TryAnswer(SipRequest request, IpVersion arrival, bool mayRedirect)
    {
        var offer = Offer.From(request);
        var decision = CalledPhone.Decide(offer, Possible, mayRedirect && request.Lists(HeaderName.Supported, Redirection.OptionTag), arrival);
        if (decision.Refusal is { } status)
        {
            return new(null, status, decision.Version, "399 session description cannot be read");
        }

        if (decision.Version is not { } version || !TryPrepare(version))
        {
            return new(null, 500);
        }

        _willHold = _isHeld;
        if (!OfferAnswer.TryAnswer(offer.Session!, Local(_next!), _local, out var audio, out var fault) || audio.RemoteRtp is null)
        {
            Withdraw();
            return new(null, Redirection.RefuseStatus, null, $"305 Incompatible media format: {Text(fault)}");
        }

        _pending = audio;
        _local = audio.Local;
        return new(_local.ToBytes());
    }

    /// <summary>What was agreed counts from now on.</summary>
    public void Start()
    {
        if (_next is not { } next || _pending is not { } audio)
        {
            return;
        }

        _agreed = audio;
        next.Update(Flow(audio, _willHold));
        _isHeld = _willHold;
        if (_current is { } old && old != next)
        {
            old.Dispose();
        }

        _current = next;
    }

    /// <summary>May be called by anybody.</summary>
    public bool SendDigits(string digits) => _current?.SendDigits(digits) ?? false;

    /// <summary>May be called by anybody; also after the end.</summary>
    public MediaStatistics? Statistics() => _current?.Statistics();

    /// <summary>Closes the sockets and gives the sound back.</summary>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _next?.Dispose();
        _current?.Dispose();
        if (_opened is { } opened && Audio is null)
        {
            phone.Options.Audio?.Close(call, opened);
        }
    }

    void IMediaObserver.OnDigit(char digit) => call.Hear(digit);

    private static string Text(OfferAnswerFault fault) => fault switch
    {
        OfferAnswerFault.NoAudio => "no audio",
        OfferAnswerFault.NoCommonCodec => "no codec in common",
        OfferAnswerFault.AudioRejected => "the audio is refused",
        OfferAnswerFault.NoConnection or OfferAnswerFault.None => "no IP address in c=",
        _ => "the answer does not fit the offer",
    };

    private static AudioCodec Sound(RtpCodec codec) => codec.IsSameEncoding(RtpCodec.Pcma) ? AudioCodec.Pcma : AudioCodec.Pcmu;

    private static MediaFlow Flow(NegotiatedAudio audio, bool isHeld) => new()
    {
        Remote = audio.RemoteRtp!,
        RemoteRtcp = audio.RemoteRtcp?.Address.Version == audio.RemoteVersion ? audio.RemoteRtcp : null,
        Codec = Sound(audio.Codec),
        SendPayloadType = audio.Codec.PayloadType,
        ReceivePayloadType = audio.ReceivePayloadType,
        SendTelephoneEvent = audio.SendTelephoneEvent,
        ReceiveTelephoneEvent = audio.ReceiveTelephoneEvent,
        Send = audio.Direction.Sends && !audio.HeldByRemote && !isHeld,
        Receive = audio.Direction.Receives,
    };

    private LocalAudio Local(MediaSession session) => new()
    {
        Rtp = session.LocalRtp,
        Codecs = [.. phone.Options.Codecs.Select(c => c == AudioCodec.Pcma ? RtpCodec.Pcma : RtpCodec.Pcmu), RtpCodec.TelephoneEvent],
        Direction = _willHold ? MediaDirection.SendOnly : MediaDirection.SendReceive,
        SessionId = _sessionId,
    };

    /// <summary>Has a media session of that version ready: the running one if it fits, else a new one beside it.</summary>
    private bool TryPrepare(IpVersion version)
    {
        if (_current is { } current && current.LocalRtp.Address.Version == version)
        {
            Withdraw();
            _next = current;
            return true;
        }

        if (_next is { } next && next.LocalRtp.Address.Version == version)
        {
            return true;
        }

        Withdraw();
        if (_isClosed || phone.MediaAddress(version, Towards) is not { } local)
        {
            return false;
        }

        var audio = _opened ??= Audio ?? phone.Options.Audio?.Open(call) ?? CallAudio.Silent;
        var options = new MediaSessionOptions { Source = audio.Source, Sink = audio.Sink, Observer = this };
        return MediaSession.TryOpen(phone.Sockets, local, phone.Options.RtpPorts, options, phone.Time, out _next);
    }
}
