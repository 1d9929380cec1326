// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>How a call ended, in a word.</summary>
public enum CallOutcome
{
    /// <summary>It was answered, and one side hung up.</summary>
    Completed,

    /// <summary>The caller gave up before the answer.</summary>
    Cancelled,

    /// <summary>The called side is busy (486, 600).</summary>
    Busy,

    /// <summary>The called side declined (603).</summary>
    Declined,

    /// <summary>Nobody answered (408 or 480 after ringing, 487, or the ring timeout).</summary>
    NoAnswer,

    /// <summary>There is no such address, or nobody registered for it (404, 410, 480, 484, 604).</summary>
    NotFound,

    /// <summary>The two sides share no IP version (380, 488 or 606 that names one, and no way left to try).</summary>
    IncompatibleVersions,

    /// <summary>The two sides share no codec or cannot read each other's session description (488, 606, 415).</summary>
    IncompatibleMedia,

    /// <summary>No answer came at all, or the request could not be sent (timeout, ICMP, no path by any version).</summary>
    Unreachable,

    /// <summary>Another failure status.</summary>
    Rejected,

    /// <summary>The address cannot be read, or names no host that this phone can reach without a server.</summary>
    InvalidAddress,

    /// <summary>The call broke: no ACK, no answer to a session refresh, or an answer that makes no sense.</summary>
    Failed,
}
