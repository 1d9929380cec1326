// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>The RTP socket of a call and its RTCP socket, one port above.</summary>
public sealed record MediaSocketPair(IMediaSocket Rtp, IMediaSocket Rtcp) : IDisposable
{
    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        Rtp.Dispose();
        Rtcp.Dispose();
    }
}
