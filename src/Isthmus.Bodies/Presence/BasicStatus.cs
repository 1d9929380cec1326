// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>Whether what a tuple speaks of accepts messages (RFC 3863 §4.1.4).</summary>
public enum BasicStatus
{
    /// <summary>It does not.</summary>
    Closed,

    /// <summary>It does.</summary>
    Open,
}
