// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Media;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Everything a phone can be told. The defaults make a dual-stack phone that can call and be called directly, without a server.</summary>
public sealed record PhoneOptions
{
    /// <summary>The accounts, at most 64. None: the phone calls and is called without a server.</summary>
    public IReadOnlyList<AccountOptions> Accounts { get; init; } = [];

    /// <summary>The versions that the phone may use, for signalling and media. What the host lacks is left out at the start.</summary>
    public IpVersions Versions { get; init; } = IpVersions.Both;

    /// <summary>The transport of the signalling by IPv4: UDP or TCP.</summary>
    public SipTransport Ipv4Transport { get; init; } = SipTransport.Udp;

    /// <summary>The transport of the signalling by IPv6: UDP or TCP.</summary>
    public SipTransport Ipv6Transport { get; init; } = SipTransport.Udp;

    /// <summary>The local IPv4 address of signalling and media; null: the one that routing picks.</summary>
    public IPAddress? Ipv4Address { get; init; }

    /// <summary>The local IPv6 address of signalling and media; null: the one that routing picks.</summary>
    public IPAddress? Ipv6Address { get; init; }

    /// <summary>The local port of the signalling by IPv4; 0: any free one.</summary>
    public int Ipv4Port { get; init; }

    /// <summary>The local port of the signalling by IPv6; 0: any free one.</summary>
    public int Ipv6Port { get; init; }

    /// <summary>The version that outgoing calls try first, for signalling and media; null: IPv6 where the phone is registered by both, else the version of
    /// its registration.</summary>
    public IpVersion? Prefer { get; init; }

    /// <summary>The UDP ports of the media.</summary>
    public PortRange RtpPorts { get; init; } = PortRange.Default;

    /// <summary>The codecs, in order of preference.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; init; } = [AudioCodec.Pcmu, AudioCodec.Pcma];

    /// <summary>What becomes of an incoming call that <see cref="Screen"/> does not decide.</summary>
    public AnswerPolicy Answer { get; init; } = AnswerPolicy.Ask;

    /// <summary>How long <see cref="AnswerPolicy.Automatic"/> lets it ring first.</summary>
    public TimeSpan AnswerAfter { get; init; }

    /// <summary>Whether an incoming call gets early media (183) while it rings.</summary>
    public bool EarlyMedia { get; init; }

    /// <summary>Decides for each incoming call; null: <see cref="Answer"/> does.</summary>
    public ICallScreen? Screen { get; init; }

    /// <summary>Gives each call its sound; null: silence is sent, what is heard is dropped.</summary>
    public ICallAudio? Audio { get; init; }

    /// <summary>
    /// Who is asked where a domain is that is called without a server; null: the resolvers of the system where the phone's network is the system's, else nobody.
    /// </summary>
    public IDnsClient? Dns { get; init; }

    /// <summary>Whether the phone calls again by the other version when it is told to. If not, it does not announce <c>ip-redirect</c> in INVITE.</summary>
    public bool FollowRedirects { get; init; } = true;

    /// <summary>Whether the phone judges incoming offers and asks for the version it can use. If not, it does not announce <c>ip-redirect</c> in REGISTER,
    /// and answers what it cannot use with a bare 488, as phones of today do.</summary>
    public bool Judge { get; init; } = true;

    /// <summary>Whether messages are taken; they wait for <see cref="SipPhone.Messages"/>. If not, a sender hears 480, and a server that stores messages keeps them.</summary>
    public bool TakeMessages { get; init; } = true;

    /// <summary>Whether those who subscribe to this phone's presence, and reach it because no server answers for it, are told <see cref="SipPhone.Presence"/>. If not, they hear 480.</summary>
    public bool TellPresence { get; init; } = true;

    /// <summary>Calls at a time, in both directions; an incoming one over it gets 486 Busy Here, an outgoing one ends at once.</summary>
    public int MaxCalls { get; init; } = 8;

    /// <summary>How long an unanswered call rings: then an incoming one gets 480, an outgoing one is cancelled.</summary>
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The session interval (RFC 4028) asked for in INVITE, at least <see cref="MinSessionExpires"/>; zero: none is asked for, the other side's is kept.</summary>
    public TimeSpan SessionExpires { get; init; }

    /// <summary>The shortest session interval that is accepted, at least 90 s; a shorter one gets 422 (RFC 4028 §6).</summary>
    public TimeSpan MinSessionExpires { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long <see cref="SipPhone.DisposeAsync"/> waits for BYE, CANCEL and unregistering to be answered.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The User-Agent header.</summary>
    public string UserAgent { get; init; } = "Isthmus";

    /// <summary>The transport of the signalling by <paramref name="version"/>.</summary>
    public SipTransport Transport(IpVersion version) => version == IpVersion.V4 ? Ipv4Transport : Ipv6Transport;

    /// <summary>The local address of <paramref name="version"/>, if one is given.</summary>
    public IPAddress? LocalAddress(IpVersion version) => version == IpVersion.V4 ? Ipv4Address : Ipv6Address;

    /// <summary>The local signalling port of <paramref name="version"/>.</summary>
    public int LocalPort(IpVersion version) => version == IpVersion.V4 ? Ipv4Port : Ipv6Port;
}
