// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>One direction of a call's audio.</summary>
public sealed record StreamStatistics
{
    /// <summary>RTP packets, telephone-events included.</summary>
    public long Packets { get; init; }

    /// <summary>Octets of payload.</summary>
    public long Octets { get; init; }

    /// <summary>Packets that did not arrive.</summary>
    public long Lost { get; init; }

    /// <summary>Their share since the call began, or, for what we sent, in the other side's last report: 0 to 1.</summary>
    public double LossFraction { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1).</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether loss and jitter are known: always for what we receive, after the other side's first report for what we send.</summary>
    public bool HasReport { get; init; }
}
