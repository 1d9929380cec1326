// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>How the subscription to a resource of a list stands (RFC 4662 §5.4).</summary>
public enum ResourceInstanceState
{
    /// <summary>It is allowed, and its state is known.</summary>
    Active,

    /// <summary>Nobody has decided whether it is allowed.</summary>
    Pending,

    /// <summary>It has ended or was refused.</summary>
    Terminated,
}
