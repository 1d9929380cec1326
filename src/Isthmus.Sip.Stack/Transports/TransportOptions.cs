// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The listeners, and the limits of what comes in by them. Each limit says what happens when it is reached.</summary>
public sealed record TransportOptions
{
    /// <summary>Where to listen. Requests are sent from these too, so one is needed for each transport and version that is used.</summary>
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [];

    /// <summary>How large a message may be. A larger one is answered 513, 413 or 400 where possible; on a stream the connection is closed then.</summary>
    public ParserLimits ParserLimits { get; init; } = ParserLimits.Default;

    /// <summary>Requests over UDP longer than this many bytes go by TCP, and by UDP after all when there is no connection to be had (RFC 3261 §18.1.1). 1300.</summary>
    public int UdpRequestLimit { get; init; } = 1300;

    /// <summary>How long a request that is too long for UDP waits for its TCP connection before it goes by UDP. 2 s.</summary>
    public TimeSpan FallBackTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an address that took no TCP connection for such a request is spared the next attempt. 5 minutes.</summary>
    public TimeSpan FallBackMemory { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections in all. Beyond, incoming ones are reset at once and outgoing ones fail. 10 000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Connections with one remote address. Beyond, incoming ones are reset at once and outgoing ones fail. 256.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 256;

    /// <summary>How long an outgoing connection may take to come about; then its requests fail. 5 s.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an incoming connection may take to its first whole message or ping; then it is reset. 30 s.</summary>
    public TimeSpan FirstMessageTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message may take from its first byte to its last; then the connection is reset. 10 s.</summary>
    public TimeSpan MessageTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent in both directions, pings included; then it is closed. 10 minutes.</summary>
    public TimeSpan ConnectionIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a connection whose peer has ended its side stays open for answers; then it is closed. 32 s (64·T1).</summary>
    public TimeSpan HalfClosedTime { get; init; } = TimeSpan.FromSeconds(32);
}
