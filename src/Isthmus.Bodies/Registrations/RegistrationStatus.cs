// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>Whether anything is registered for a user (RFC 3680 §4.7.1).</summary>
public enum RegistrationStatus
{
    /// <summary>Nothing is.</summary>
    Init,

    /// <summary>Something is.</summary>
    Active,

    /// <summary>Nothing is any more.</summary>
    Terminated,
}
