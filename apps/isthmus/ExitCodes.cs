// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;

namespace Isthmus.App;

/// <summary>What the command tells a script when it ends. docs/phone.md lists them.</summary>
internal static class ExitCodes
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int NotFound = 13;
    public const int Rejected = 17;
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

    /// <summary>The code of a subscription's end: 0 where it came about.</summary>
    public static int Of(SubscriptionState state) => state switch
    {
        { Phase: SubscriptionPhase.Pending or SubscriptionPhase.Active } or { Status: >= 200 and < 300 } => Good,
        { Reason: "noresource" } => NotFound,
        { Status: 0, Reason: "rejected" or "" } => Rejected,
        _ => Of(state.Status),
    };

    /// <summary>The code of a publication's end: 0 where the server has it.</summary>
    public static int Of(PublicationState state) => state.Phase == PublicationPhase.Published ? Good : Of(state.Status);

    private static int Of(int status) => status switch
    {
        0 => 19,
        >= 200 and < 300 => Good,
        404 or 410 or 480 or 484 or 604 => NotFound,
        406 or 415 or 488 or 606 => 15,
        408 or 503 or 504 => 16,
        _ => Rejected,
    };
}
