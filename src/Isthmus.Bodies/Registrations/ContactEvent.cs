// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>What brought a contact where it stands (RFC 3680 §4.7.2).</summary>
public enum ContactEvent
{
    /// <summary>A REGISTER of the phone.</summary>
    Registered,

    /// <summary>Somebody other than the phone: an operator.</summary>
    Created,

    /// <summary>The phone registered again.</summary>
    Refreshed,

    /// <summary>An operator shortened its time.</summary>
    Shortened,

    /// <summary>The phone did not register again in time.</summary>
    Expired,

    /// <summary>It was ended; the phone may register again at once.</summary>
    Deactivated,

    /// <summary>It was ended; the phone may register again later.</summary>
    Probation,

    /// <summary>The phone took it away.</summary>
    Unregistered,

    /// <summary>It was forbidden.</summary>
    Rejected,
}
