// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>What brought a subscription where it stands (RFC 3857 §4.7.1).</summary>
public enum WatcherEvent
{
    /// <summary>It began.</summary>
    Subscribe,

    /// <summary>It was allowed.</summary>
    Approved,

    /// <summary>It was ended; the watcher may try again at once.</summary>
    Deactivated,

    /// <summary>It was ended; the watcher may try again later.</summary>
    Probation,

    /// <summary>It was forbidden.</summary>
    Rejected,

    /// <summary>It was not refreshed.</summary>
    Timeout,

    /// <summary>Nobody decided in time.</summary>
    GiveUp,

    /// <summary>There is no such resource any more.</summary>
    NoResource,
}
