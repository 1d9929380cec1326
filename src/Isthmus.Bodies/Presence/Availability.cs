// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>What a presence document comes down to for somebody who wants to call.</summary>
public enum Availability
{
    /// <summary>Nothing of the user's is open.</summary>
    Offline,

    /// <summary>There, with no activity that speaks against a call.</summary>
    Online,

    /// <summary>Something is open, but the user is not there.</summary>
    Away,

    /// <summary>There, but does not want to be called.</summary>
    Busy,

    /// <summary>In a call.</summary>
    OnThePhone,
}
