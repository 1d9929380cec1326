// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The timers of RFC 3261 §17 (Table 4) and RFC 6026, by their letters.</summary>
public enum TransactionTimer : byte
{
    /// <summary>No timer.</summary>
    None,

    /// <summary>INVITE client: retransmit the request.</summary>
    A,

    /// <summary>INVITE client: give up waiting for a response.</summary>
    B,

    /// <summary>INVITE client: answer retransmitted final responses until then.</summary>
    D,

    /// <summary>Non-INVITE client: retransmit the request.</summary>
    E,

    /// <summary>Non-INVITE client: give up waiting for a final response.</summary>
    F,

    /// <summary>INVITE server: retransmit the final response.</summary>
    G,

    /// <summary>INVITE server: give up waiting for the ACK.</summary>
    H,

    /// <summary>INVITE server: absorb retransmitted ACKs until then.</summary>
    I,

    /// <summary>Non-INVITE server: answer retransmitted requests until then.</summary>
    J,

    /// <summary>Non-INVITE client: absorb retransmitted responses until then.</summary>
    K,

    /// <summary>INVITE server: absorb retransmitted requests after a 2xx until then (RFC 6026).</summary>
    L,

    /// <summary>INVITE client: deliver further 2xx until then (RFC 6026).</summary>
    M,

    /// <summary>Server: send 100 unless the user answered before (RFC 3261 §17.2.1, RFC 4320 §4.1).</summary>
    Trying,

    /// <summary>INVITE client: a cancelled request gets no final response any more (RFC 3261 §9.1).</summary>
    Cancelled,

    /// <summary>Non-INVITE server: the client gave up, an answer would come too late (RFC 4320 §4.2).</summary>
    Abandoned,
}
