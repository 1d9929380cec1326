// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What a <see cref="SocketLoop"/> waits for: a UDP socket, a connection or a listener. Called by the loop's thread only.</summary>
internal interface IPolled : ILooped
{
    /// <summary>The kernel has something: bits of epoll.</summary>
    /// <param name="events">What it has.</param>
    /// <param name="buffers">Free to use until the call returns.</param>
    void OnReady(uint events, ReadBuffers buffers);
}
