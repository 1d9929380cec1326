// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>What a device makes of a message, as its answer tells.</summary>
internal enum Reaction
{
    /// <summary>It has it.</summary>
    Taken,

    /// <summary>Nobody is there now: silence, no way, or an answer that says no more.</summary>
    Absent,

    /// <summary>It cannot or will not deal with it now: that may be another thing later.</summary>
    Trouble,

    /// <summary>It will not have this content, or its user will not, however often it is offered.</summary>
    Refused,
}

/// <summary>Reads answers.</summary>
internal static class ReactionOperations
{
    extension(Reaction)
    {
        /// <summary>What a final response means.</summary>
        public static Reaction To(int status) => status switch
        {
            >= 200 and < 300 => Reaction.Taken,
            404 or 408 or 410 or 430 or 480 or 486 or 502 or 503 or 504 or 600 => Reaction.Absent,
            413 or 415 or 488 or 513 or 603 or 604 or 606 => Reaction.Refused,
            _ => Reaction.Trouble, // also 482: an attempt before this one is still in its transactions (RFC 3261 §8.2.2.2)
        };
    }
}
