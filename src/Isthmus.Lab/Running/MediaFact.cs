// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Captured media of one direction on one IP version.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver; <c>?</c> for an address of nobody.</param>
/// <param name="Version">The IP version.</param>
/// <param name="Packets">RTP packets.</param>
/// <param name="ControlPackets">RTCP packets.</param>
/// <param name="ToneHz">The tone that is in its sound; null when that is not one clean tone.</param>
/// <param name="LastAt">When the last RTP packet was sent, since the capture began.</param>
public sealed record MediaFact(string From, string To, IpVersion Version, int Packets, int ControlPackets, double? ToneHz, TimeSpan LastAt);
