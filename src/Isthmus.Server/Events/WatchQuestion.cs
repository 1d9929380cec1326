// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>May this one watch that one?</summary>
/// <param name="Resource">The canonical address-of-record that is to be watched. Perhaps nobody has it.</param>
/// <param name="Watcher">That of the watcher; null when it is nobody whom the server believes.</param>
internal readonly record struct WatchQuestion(string Resource, string? Watcher)
{
    /// <summary>Whether the watcher is the user of that address.</summary>
    public bool IsOwner => string.Equals(Resource, Watcher, StringComparison.Ordinal);

    /// <summary>The rule of packages that are for the user alone.</summary>
    public Access ForOwnerOnly => IsOwner ? Access.Allow : Access.Deny;
}
