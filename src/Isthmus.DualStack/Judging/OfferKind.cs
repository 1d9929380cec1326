// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.DualStack;

/// <summary>What was found in the body of a request.</summary>
public enum OfferKind
{
    /// <summary>Nothing: a delayed offer.</summary>
    None,

    /// <summary>A session description.</summary>
    Session,

    /// <summary>Something that is no session description.</summary>
    Foreign,

    /// <summary>A session description that cannot be read.</summary>
    Unreadable,
}
