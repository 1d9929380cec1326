// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>What an offer and its answer agreed on.</summary>
public sealed record NegotiatedAudio
{
    /// <summary>Our description: the offer or the answer.</summary>
    public required SessionDescription Local { get; init; }

    /// <summary>The other side's description.</summary>
    public required SessionDescription Remote { get; init; }

    /// <summary>Which media line it is, from 0; the same in both.</summary>
    public required int MediaIndex { get; init; }

    /// <summary>Where the other side receives, as it wrote it.</summary>
    public required ConnectionData RemoteConnection { get; init; }

    /// <summary>The codec, numbered as in the other side's description: what we send.</summary>
    public required RtpCodec Codec { get; init; }

    /// <summary>The payload type of that codec in our description: what we receive.</summary>
    public required byte ReceivePayloadType { get; init; }

    /// <summary>The payload type by which we send digits; null: the other side does not take them.</summary>
    public byte? SendTelephoneEvent { get; init; }

    /// <summary>The payload type by which we receive digits; null: none.</summary>
    public byte? ReceiveTelephoneEvent { get; init; }

    /// <summary>Whether we may send and shall receive.</summary>
    public required MediaDirection Direction { get; init; }

    /// <summary>The other side's media line.</summary>
    public MediaDescription RemoteMedia => Remote.Media[MediaIndex];

    /// <summary>The port to which RTP is sent.</summary>
    public int RemotePort => RemoteMedia.Port;

    /// <summary>How much sound the other side wants in a packet; null: it does not say.</summary>
    public TimeSpan? PacketTime => RemoteMedia.PacketTime;

    /// <summary>Where RTP is sent; null when the other side wrote a domain name. An unspecified address: nowhere (RFC 3264 §8.4).</summary>
    public IPEndPoint? RemoteRtp => RemoteConnection.Address is { } address ? new(address, RemotePort) : null;

    /// <summary>Where RTCP is sent; null when the other side wrote a domain name, or has no port after the last one.</summary>
    public IPEndPoint? RemoteRtcp
    {
        get
        {
            var rtcp = RemoteMedia.Rtcp;
            var address = (rtcp?.Connection ?? RemoteConnection).Address;
            var port = rtcp?.Port ?? RemotePort + 1;
            return address is null || port > IPEndPoint.MaxPort ? null : new(address, port);
        }
    }

    /// <summary>The version of our audio.</summary>
    public IpVersion? LocalVersion => Local.ConnectionOf(Local.Media[MediaIndex])?.Version;

    /// <summary>The version of the other side's audio. An answer of another version than its offer would be heard one way at most.</summary>
    public IpVersion? RemoteVersion => RemoteConnection.Version;

    /// <summary>Whether the other side does not want to hear us.</summary>
    public bool HeldByRemote => RemoteConnection.IsUnspecified || !Remote.DirectionOf(RemoteMedia).Receives;
}
