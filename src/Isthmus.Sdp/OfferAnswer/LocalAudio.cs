// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Sdp;

/// <summary>What a phone says about its own audio, in an offer or an answer.</summary>
public sealed record LocalAudio
{
    /// <summary>Where it receives RTP. The whole description is of this address's version.</summary>
    public required IPEndPoint Rtp { get; init; }

    /// <summary>Where it receives RTCP, at the same address; null: the port after RTP's.</summary>
    public int? RtcpPort { get; init; }

    /// <summary>Its codecs in order of preference.</summary>
    public IReadOnlyList<RtpCodec> Codecs { get; init; } = RtpCodec.Telephone;

    /// <summary>What it wants to do: <see cref="MediaDirection.SendOnly"/> holds the other side.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.SendReceive;

    /// <summary>How much sound it wants in a packet, in whole milliseconds; null: says nothing.</summary>
    public TimeSpan? PacketTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The session's number in <c>o=</c>, for the first description of a session; later ones keep it.</summary>
    public ulong SessionId { get; init; } = 1;

    /// <summary>The user name in <c>o=</c>; no spaces.</summary>
    public string Username { get; init; } = "-";
}
