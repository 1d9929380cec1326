// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>What to do with an incoming call.</summary>
public sealed record CallScreening
{
    private CallScreening()
    {
    }

    /// <summary>The status to reject it with, 400 to 699; null: it is not rejected.</summary>
    public int? RejectStatus { get; private init; }

    /// <summary>How long it rings before it is answered; null: until the program answers.</summary>
    public TimeSpan? AnswerAfter { get; private init; }

    /// <summary>Whether there is sound while it rings (183).</summary>
    public bool EarlyMedia { get; private init; }

    /// <summary>Let it ring until the program answers.</summary>
    public static CallScreening Ring(bool earlyMedia = false) => new() { EarlyMedia = earlyMedia };

    /// <summary>Answer it, after it has rung for <paramref name="after"/>.</summary>
    public static CallScreening Answer(TimeSpan after = default, bool earlyMedia = false) => new() { AnswerAfter = after, EarlyMedia = earlyMedia };

    /// <summary>Reject it with <paramref name="status"/>, 400 to 699.</summary>
    public static CallScreening Reject(int status = 486)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        return new() { RejectStatus = status };
    }
}
