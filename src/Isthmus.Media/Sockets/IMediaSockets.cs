// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Isthmus.Media;

/// <summary>Opens the sockets of a call: the program supplies it, over real sockets or in memory.</summary>
public interface IMediaSockets
{
    /// <summary>
    /// Opens RTP on an even port of <paramref name="range"/> and RTCP on the next odd one (RFC 3550 §11).
    /// False when no such pair is free, or the host has not the address; nothing stays open then.
    /// </summary>
    bool TryOpenPair(IPAddress local, PortRange range, IMediaReceiver rtp, IMediaReceiver rtcp, [NotNullWhen(true)] out MediaSocketPair? pair);
}
