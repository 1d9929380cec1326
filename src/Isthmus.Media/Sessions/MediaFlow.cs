// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Media;

/// <summary>What offer and answer agreed on for one call's audio.</summary>
public sealed record MediaFlow
{
    /// <summary>Where the other side's SDP says it receives RTP. Nothing is sent to an unspecified address (0.0.0.0, ::) or to port 0.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>Where it receives RTCP (<c>a=rtcp</c>, RFC 3605); null for the port above RTP's.</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>What we send, and what a payload type that we named dynamically means.</summary>
    public AudioCodec Codec { get; init; } = AudioCodec.Pcmu;

    /// <summary>The payload type under which we send; null for the codec's static one.</summary>
    public byte? SendPayloadType { get; init; }

    /// <summary>The payload type under which the other side sends <see cref="Codec"/>. The static ones, 0 and 8, are understood besides.</summary>
    public byte? ReceivePayloadType { get; init; }

    /// <summary>The telephone-event payload type that the other side's SDP names; null: digits cannot be sent.</summary>
    public byte? SendTelephoneEvent { get; init; }

    /// <summary>The telephone-event payload type that our SDP names; null: digits are not looked for.</summary>
    public byte? ReceiveTelephoneEvent { get; init; }

    /// <summary>False while the other side holds us, or we have nothing to send (<c>recvonly</c>, <c>inactive</c>).</summary>
    public bool Send { get; init; } = true;

    /// <summary>False while we hold the other side (<c>sendonly</c>, <c>inactive</c>): what still comes is counted and not played.</summary>
    public bool Receive { get; init; } = true;

    internal IPEndPoint Rtcp => RemoteRtcp ?? new IPEndPoint(Remote.Address, Math.Min(Remote.Port + 1, IPEndPoint.MaxPort));

    internal byte PayloadType => SendPayloadType ?? Codec.StaticPayloadType;

    internal MediaFlow Normalised => this with { Remote = Remote.Normalised, RemoteRtcp = RemoteRtcp?.Normalised };

    internal bool TryFindCodec(byte payloadType, out AudioCodec codec)
    {
        codec = payloadType == ReceivePayloadType ? Codec : payloadType == 8 ? AudioCodec.Pcma : AudioCodec.Pcmu;
        return payloadType == ReceivePayloadType || payloadType is 0 or 8;
    }
}
