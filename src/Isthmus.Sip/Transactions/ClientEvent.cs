// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What can happen to a client transaction.</summary>
public enum ClientEvent : byte
{
    /// <summary>The user passes the request. Once, first.</summary>
    Start,

    /// <summary>A 1xx response arrived.</summary>
    Provisional,

    /// <summary>A 2xx response arrived.</summary>
    Success,

    /// <summary>A 300-699 response arrived.</summary>
    Failure,

    /// <summary>A CANCEL for this INVITE is being sent (RFC 3261 §9.1).</summary>
    Cancel,

    /// <summary>The transport could not send, or learnt that the peer is unreachable.</summary>
    TransportError,

    /// <summary>The timer in the retransmission slot fired.</summary>
    RetransmissionDue,

    /// <summary>The timer in the expiry slot fired.</summary>
    ExpiryDue,
}
