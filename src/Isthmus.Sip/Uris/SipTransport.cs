// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A transport of SIP (RFC 3261 §18, RFC 7118 for WebSocket).</summary>
public enum SipTransport : byte
{
    /// <summary>UDP.</summary>
    Udp,

    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>WebSocket (RFC 7118).</summary>
    Ws,

    /// <summary>WebSocket over TLS (RFC 7118).</summary>
    Wss,
}
