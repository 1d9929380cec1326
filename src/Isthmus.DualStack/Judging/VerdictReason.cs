// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.DualStack;

/// <summary>Why a verdict is as it is. Closed; the names are logged, counted and shown, and stay.</summary>
public enum VerdictReason
{
    /// <summary>Forward: only an INVITE outside a dialog is judged.</summary>
    NotJudged,

    /// <summary>Forward: the method is <see cref="JudgeMethod.Carry"/>.</summary>
    Carried,

    /// <summary>Forward: there is no session description, or none that can be read.</summary>
    OfferUnknown,

    /// <summary>Forward: both ends do ICE.</summary>
    OfferOpen,

    /// <summary>Forward: the device has a binding of the version on which the INVITE arrived.</summary>
    ArrivalShared,

    /// <summary>Forward: the device has a binding of a version that the session can use.</summary>
    SessionShared,

    /// <summary>Forward: the device is known to have a version that the session can use, although it is reached on the other.</summary>
    DeviceIsDualStack,

    /// <summary>Forward: nothing shared, but the device judges by itself.</summary>
    DeviceJudges,

    /// <summary>Forward: nothing shared as far as is known, but the device may have more than it registered.</summary>
    DeviceMayBeDualStack,

    /// <summary>Redirect: the device has no binding of the version on which the INVITE arrived.</summary>
    ArrivalNotShared,

    /// <summary>Redirect: the device has nothing that the session can use.</summary>
    SessionNotShared,

    /// <summary>Refuse: the caller does not have the version that the device needs.</summary>
    CallerLacksVersion,

    /// <summary>Refuse: the caller would not follow a redirect.</summary>
    CallerDoesNotFollow,

    /// <summary>Refuse: the call was redirected to this version before.</summary>
    AlreadyRedirected,

    /// <summary>Refuse: the device answered by a version that the caller did not offer and does not have.</summary>
    AnsweredByOtherVersion,
}
