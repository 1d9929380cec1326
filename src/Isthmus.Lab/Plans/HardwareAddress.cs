// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Lab;

/// <summary>
/// The Ethernet address of an interface of the lab, locally administered. It says who sent a captured frame: a packet that a router forwards has its sender's IP
/// address still, and the router's Ethernet address.
/// </summary>
internal readonly record struct HardwareAddress(Segment Segment, int Number)
{
    private const int SourceOffset = 6;
    private const int Length = 6;

    /// <summary>As <c>ip link</c> takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:{(int)Segment:x2}:{Number:x2}");

    /// <summary>The sender of an Ethernet frame; null when it is none of the lab's.</summary>
    public static HardwareAddress? OfSender(ReadOnlySpan<byte> frame) =>
        frame.Length >= SourceOffset + Length && frame.Slice(SourceOffset, 4).SequenceEqual((ReadOnlySpan<byte>)[2, 0, 0, 0]) ? new((Segment)frame[SourceOffset + 4], frame[SourceOffset + 5]) : null;
}
