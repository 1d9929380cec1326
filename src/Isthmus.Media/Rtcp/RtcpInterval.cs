// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>When the next report is due (RFC 3550 §6.2, §6.3 and A.7), for a session of two.</summary>
internal sealed class RtcpInterval(TimeSpan minimum, Func<uint> random)
{
    /// <summary>5 % of a G.711 stream's 64 kbit/s, in octets a second.</summary>
    private const double Bandwidth = 0.05 * 8000;

    private const double SenderShare = 0.25;

    /// <summary>e - 3/2: makes up for what reconsideration adds (§6.3.1).</summary>
    private const double Compensation = Math.E - 1.5;

    private const int UdpAndIpHeaders = 48;

    private double _averageSize = 128;

    public bool IsFirst { get; private set; } = true;

    /// <summary>A compound packet was sent or received (§6.3.3).</summary>
    public void Saw(int octets) => _averageSize += (octets + UdpAndIpHeaders - _averageSize) / 16;

    public void Sent(int octets)
    {
        IsFirst = false;
        Saw(octets);
    }

    /// <param name="members">We, and the other side once heard.</param>
    /// <param name="senders">Those of them who sent lately.</param>
    /// <param name="weSent">Whether we are one.</param>
    public TimeSpan Next(int members, int senders, bool weSent)
    {
        double floor = minimum.TotalSeconds * (IsFirst ? 0.5 : 1);
        double share = Bandwidth;
        int sharers = members;
        if (senders <= members * SenderShare)
        {
            share *= weSent ? SenderShare : 1 - SenderShare;
            sharers = weSent ? senders : members - senders;
        }

        double seconds = Math.Max(floor, _averageSize * sharers / share);
        return TimeSpan.FromSeconds(seconds * (0.5 + (random() / (uint.MaxValue + 1.0))) / Compensation);
    }
}
