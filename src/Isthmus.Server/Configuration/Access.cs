// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>What a watcher may see of a user.</summary>
public enum Access
{
    /// <summary>Nothing: 403.</summary>
    Deny,

    /// <summary>Nothing as long as nobody has decided: the subscription is pending, and the user is told who asks (RFC 6665 §4.1.3, RFC 3857).</summary>
    Confirm,

    /// <summary>What a user of whom nothing is known would show; the watcher is not to know that it is refused (RFC 6665 §6.2).</summary>
    PoliteBlock,

    /// <summary>The state.</summary>
    Allow,
}
