// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Isthmus.Media;

/// <summary>What a call's media tells the call. Called by the receiving threads, holding no lock; must be quick and must not throw.</summary>
public interface IMediaObserver
{
    /// <summary>The other side pressed a key (RFC 4733): 0 to 9, *, # or A to D. Once a press.</summary>
    void OnDigit(char digit);

    /// <summary>The network or the other host says that nobody listens where we send. Told once for every <see cref="MediaSession.Update"/>.</summary>
    void OnUnreachable(SocketError error)
    {
    }

    /// <summary>The other side ended its stream (RTCP BYE).</summary>
    void OnBye()
    {
    }
}
