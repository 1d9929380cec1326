// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Media;

/// <summary>A call's media at one moment, in both directions.</summary>
public sealed record MediaStatistics
{
    /// <summary>Where we receive.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Where we send: what SDP said, or where the other side's packets really come from; null before the start.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>The IP version of the media: InterNetwork or InterNetworkV6.</summary>
    public AddressFamily AddressFamily => Local.AddressFamily;

    /// <summary>What we sent, and how the other side reports that it arrived.</summary>
    public required StreamStatistics Sent { get; init; }

    /// <summary>What we received, as we measured it.</summary>
    public required StreamStatistics Received { get; init; }

    /// <summary>From the other side's last report; null before it reported on a report of ours.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Packets that came after their time to be played.</summary>
    public long Late { get; init; }

    /// <summary>Packets that came twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>Frames of 20 ms that had to be invented.</summary>
    public long Concealed { get; init; }

    /// <summary>Datagrams that were not RTP or RTCP of this call: unreadable, of a stranger, of an unknown payload type.</summary>
    public long Ignored { get; init; }

    /// <summary>How long ago the last RTP packet came; null when none did.</summary>
    public TimeSpan? SinceLastPacket { get; init; }

    /// <summary>Our synchronisation source.</summary>
    public uint Ssrc { get; init; }

    /// <summary>The other side's, once heard.</summary>
    public uint? RemoteSsrc { get; init; }

    /// <summary>The other side's canonical name, once heard.</summary>
    public string? RemoteCname { get; init; }
}
