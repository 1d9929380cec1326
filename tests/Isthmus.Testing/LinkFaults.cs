// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Testing;

/// <summary>How a link of a <see cref="MemoryNetwork"/> behaves. May be changed at any time; what is under way stays as it was.</summary>
public sealed class LinkFaults
{
    /// <summary>One way; 1 ms unless told.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The share of datagrams that are lost, 0 to 1. Streams lose nothing: their segments come 200 ms later.</summary>
    public double Loss { get; set; }

    /// <summary>The share of datagrams that come twice, 0 to 1.</summary>
    public double Duplication { get; set; }

    /// <summary>The share of datagrams that are overtaken, 0 to 1: they come <see cref="ReorderDelay"/> later.</summary>
    public double Reordering { get; set; }

    /// <summary>How much later an overtaken datagram comes.</summary>
    public TimeSpan ReorderDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The versions whose packets vanish without a word.</summary>
    public IpVersions Blackhole { get; set; }

    /// <summary>What else vanishes of what a host sends, for a way that is cut in one direction; null: nothing.</summary>
    public Func<MemoryHost, IpVersion, bool>? IsLost { get; set; }

    /// <summary>Datagrams with more payload than this vanish, as large ones do behind firewalls that drop fragments.</summary>
    public int LargestDatagram { get; set; } = int.MaxValue;

    /// <summary>Stream bytes arrive in pieces of at most this many bytes.</summary>
    public int StreamPiece { get; set; } = int.MaxValue;

    /// <summary>Whether a datagram to a port that nobody has bound is reported to its sender (ICMP port unreachable).</summary>
    public bool ReportsUnreachable { get; set; } = true;
}
