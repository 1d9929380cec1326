// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>How far a call is (RFC 4235 §3.7.1).</summary>
public enum DialogPhase
{
    /// <summary>An INVITE was sent or received; nobody has answered.</summary>
    Trying,

    /// <summary>A provisional response without a tag.</summary>
    Proceeding,

    /// <summary>It rings, mostly.</summary>
    Early,

    /// <summary>They talk.</summary>
    Confirmed,

    /// <summary>It has ended.</summary>
    Terminated,
}
