// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;

namespace Isthmus.App;

/// <summary>What the command tells a script when it ends. docs/phone.md lists them.</summary>
internal static class ExitCodes
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int NotRegistered = 20;
    public const int NoListener = 21;

    /// <summary>The code of a call's end: 0 for a call that was answered and ended as calls do.</summary>
    public static int Of(CallResult result) => result.Outcome switch
    {
        CallOutcome.Completed => Good,
        CallOutcome.Busy => 10,
        CallOutcome.Declined => 11,
        CallOutcome.NoAnswer => 12,
        CallOutcome.NotFound => 13,
        CallOutcome.IncompatibleVersions => 14,
        CallOutcome.IncompatibleMedia => 15,
        CallOutcome.Unreachable => 16,
        CallOutcome.Rejected => 17,
        CallOutcome.Cancelled => 18,
        CallOutcome.InvalidAddress => 19,
        _ => Failed,
    };

    /// <summary>The code of a message's end: 0 where the other side has it, or will have it.</summary>
    public static int Of(MessageResult result) => result.Outcome switch
    {
        MessageOutcome.Delivered or MessageOutcome.Stored => Good,
        MessageOutcome.NotFound => 13,
        MessageOutcome.NotUnderstood => 15,
        MessageOutcome.Unreachable => 16,
        MessageOutcome.Rejected or MessageOutcome.TooLarge => 17,
        MessageOutcome.InvalidAddress => 19,
        _ => Failed,
    };
}
