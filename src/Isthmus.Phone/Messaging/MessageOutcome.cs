// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>What became of a message, in a word.</summary>
public enum MessageOutcome
{
    /// <summary>A terminal of the other side has it (200).</summary>
    Delivered,

    /// <summary>A server keeps it until the other side is there (202, RFC 3428 §7).</summary>
    Stored,

    /// <summary>There is no such address, or nobody there and no server that keeps messages (404, 410, 480, 484, 604).</summary>
    NotFound,

    /// <summary>No answer came at all, or the request could not be sent (408, 503, 504).</summary>
    Unreachable,

    /// <summary>The other side does not understand the type of content, or messages at all (405, 406, 415, 488, 501, 606).</summary>
    NotUnderstood,

    /// <summary>It is too large for the other side or for the way there (413, 513).</summary>
    TooLarge,

    /// <summary>Another failure status.</summary>
    Rejected,

    /// <summary>The address cannot be read, or names no host that this phone can reach without a server.</summary>
    InvalidAddress,

    /// <summary>It was given up, because the phone was closed.</summary>
    Failed,
}
