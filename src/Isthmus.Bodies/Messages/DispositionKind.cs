// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>Which stage of a message's way a disposition speaks of (RFC 5438 §7).</summary>
public enum DispositionKind
{
    /// <summary>Its delivery to a device.</summary>
    Delivery,

    /// <summary>What was done with it on the way.</summary>
    Processing,

    /// <summary>Its being shown to somebody.</summary>
    Display,
}
