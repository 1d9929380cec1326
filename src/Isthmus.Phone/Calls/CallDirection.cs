// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Who called.</summary>
public enum CallDirection
{
    /// <summary>This phone called.</summary>
    Outgoing,

    /// <summary>This phone was called.</summary>
    Incoming,
}
