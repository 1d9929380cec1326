// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What can happen to a server transaction.</summary>
public enum ServerEvent : byte
{
    /// <summary>The request that creates the transaction arrived. Once, first.</summary>
    Start,

    /// <summary>The request arrived again.</summary>
    Request,

    /// <summary>An ACK that matches this INVITE arrived.</summary>
    Ack,

    /// <summary>The user passes a 1xx response.</summary>
    Provisional,

    /// <summary>The user passes a 2xx response.</summary>
    Success,

    /// <summary>The user passes a 300-699 response.</summary>
    Failure,

    /// <summary>A response could not be sent.</summary>
    TransportError,

    /// <summary>The timer in the retransmission slot fired.</summary>
    RetransmissionDue,

    /// <summary>The timer in the expiry slot fired.</summary>
    ExpiryDue,
}
