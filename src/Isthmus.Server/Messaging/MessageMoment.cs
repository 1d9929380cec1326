// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>What happens to a kept message, in order.</summary>
internal enum MessageMoment
{
    /// <summary>It is to be kept; nothing is written.</summary>
    Taken,

    /// <summary>It is written in a transaction that is not committed.</summary>
    Written,

    /// <summary>It is on the disk; its sender does not know.</summary>
    Committed,

    /// <summary>Its sender was told 202.</summary>
    Accepted,

    /// <summary>It was read to be delivered, and is not sent.</summary>
    Read,

    /// <summary>It was sent to a device.</summary>
    Sent,

    /// <summary>A device has taken it; nothing of that is written.</summary>
    Answered,

    /// <summary>That it is over is written in a transaction that is not committed.</summary>
    Removing,

    /// <summary>That it is over is on the disk.</summary>
    Removed,
}
