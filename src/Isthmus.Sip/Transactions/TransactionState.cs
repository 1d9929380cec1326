// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The states of RFC 3261 §17 and RFC 6026; each machine uses some of them.</summary>
public enum TransactionState : byte
{
    /// <summary>Made, not started.</summary>
    Initial,

    /// <summary>INVITE client: the request is out, nothing came back.</summary>
    Calling,

    /// <summary>Non-INVITE: the request is out (client) or in (server), no response yet.</summary>
    Trying,

    /// <summary>A provisional response was received or may be sent; no final response yet.</summary>
    Proceeding,

    /// <summary>INVITE: a 2xx was received or sent (RFC 6026).</summary>
    Accepted,

    /// <summary>A final response (for INVITE: other than 2xx) was received or sent.</summary>
    Completed,

    /// <summary>INVITE server: the ACK for a final response other than 2xx arrived.</summary>
    Confirmed,

    /// <summary>Over; to be forgotten at once.</summary>
    Terminated,
}
