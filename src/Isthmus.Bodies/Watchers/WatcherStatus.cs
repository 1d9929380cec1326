// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>How a subscription stands (RFC 3857 §4.7.1).</summary>
public enum WatcherStatus
{
    /// <summary>Nobody has decided whether it is allowed.</summary>
    Pending,

    /// <summary>It is allowed.</summary>
    Active,

    /// <summary>It has ended before anybody decided; the decision is still to come.</summary>
    Waiting,

    /// <summary>It has ended.</summary>
    Terminated,
}
