// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.DualStack;

/// <summary>What a calling phone does next.</summary>
/// <param name="Action">Whether to call again.</param>
/// <param name="Version">The version to offer; after giving up the version that was asked for, null when none was.</param>
/// <param name="Signalling">The version to send by: where it differs from the last one, signalling and media both change, else only the media; null after
/// giving up.</param>
/// <param name="Reason">Why it gives up.</param>
public readonly record struct CallAgainDecision(CallAgainAction Action, IpVersion? Version, IpVersion? Signalling, GiveUpReason Reason)
{
    /// <summary>Nothing to change: the answer is of the version that was offered.</summary>
    public static CallAgainDecision Keep => new(CallAgainAction.Keep, null, null, GiveUpReason.None);

    /// <summary>The call ends here.</summary>
    public static CallAgainDecision GiveUp(GiveUpReason reason, IpVersion? wanted = null) => new(CallAgainAction.GiveUp, wanted, null, reason);
}

/// <summary>What to do after an answer to an INVITE.</summary>
public enum CallAgainAction
{
    /// <summary>The call is as it should be.</summary>
    Keep,

    /// <summary>INVITE again: same Call-ID, higher CSeq.</summary>
    CallAgain,

    /// <summary>The call has failed.</summary>
    GiveUp,
}

/// <summary>Why a phone does not call again.</summary>
public enum GiveUpReason
{
    /// <summary>It does.</summary>
    None,

    /// <summary>The refusal is not about IP versions.</summary>
    NotAboutVersions,

    /// <summary>The phone does not have the version that is asked for.</summary>
    VersionMissing,

    /// <summary>The version that is asked for was offered before.</summary>
    AlreadyTried,
}
