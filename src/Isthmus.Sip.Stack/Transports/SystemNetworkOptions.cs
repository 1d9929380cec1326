// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Sizes and times of the operating system's sockets.</summary>
public sealed record SystemNetworkOptions
{
    /// <summary>
    /// The receive buffer asked for each UDP socket, in bytes (16 MiB: what comes in a fifth of a second at full speed). Linux grants it to a process that may
    /// administer the network (CAP_NET_ADMIN), others get net.core.rmem_max at most. What does not fit is lost.
    /// </summary>
    public int DatagramReceiveBufferBytes { get; init; } = 16 << 20;

    /// <summary>The send buffer asked for each UDP socket, in bytes (1 MiB). What does not fit is lost.</summary>
    public int DatagramSendBufferBytes { get; init; } = 1 << 20;

    /// <summary>How many bytes may wait for a connection's peer to read them (256 KiB); at more the connection is closed.</summary>
    public int StreamSendQueueBytes { get; init; } = 256 << 10;

    /// <summary>
    /// How many threads serve the sockets on Linux, 1 to 64; more if an address has more shards. As many as there are processors, 4 at most. Elsewhere each UDP socket
    /// has a thread of its own, and the thread pool serves streams.
    /// </summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Connections that may wait to be accepted by a listener (512).</summary>
    public int ListenBacklog { get; init; } = 512;

    /// <summary>How long a closed connection may take to send what is queued and to see the peer's end (5 s).</summary>
    public TimeSpan CloseTime { get; init; } = TimeSpan.FromSeconds(5);
}
