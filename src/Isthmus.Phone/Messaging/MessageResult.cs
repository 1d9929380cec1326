// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>What became of a message.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Status">The SIP status; 408 when no answer came, 503 when it could not be sent, 0 when no message was involved.</param>
/// <param name="Reason">The reason phrase, or what stood in the way.</param>
public sealed record MessageResult(MessageOutcome Outcome, int Status, string Reason)
{
    /// <summary>The Call-ID of the message; empty if none was sent.</summary>
    public string Id { get; init; } = "";

    /// <summary>The IP version by which it left; null if it did not.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>Whether the other side has it, or will have it when it is there.</summary>
    public bool IsAccepted => Outcome is MessageOutcome.Delivered or MessageOutcome.Stored;

    internal static MessageResult Of(RequestAnswer answer, string id) => new(OutcomeOf(answer.Status), answer.Status, answer.Reason) { Id = id, Version = answer.Path?.Version };

    private static MessageOutcome OutcomeOf(int status) => status switch
    {
        0 => MessageOutcome.InvalidAddress,
        202 => MessageOutcome.Stored,
        >= 200 and < 300 => MessageOutcome.Delivered,
        404 or 410 or 480 or 484 or 604 => MessageOutcome.NotFound,
        408 or 503 or 504 => MessageOutcome.Unreachable,
        405 or 406 or 415 or 488 or 501 or 606 => MessageOutcome.NotUnderstood,
        413 or 513 => MessageOutcome.TooLarge,
        _ => MessageOutcome.Rejected,
    };
}
