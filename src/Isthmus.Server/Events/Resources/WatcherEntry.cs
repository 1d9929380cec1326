// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>One who watches (RFC 3858).</summary>
/// <param name="Uri">Who it is, as its From says.</param>
/// <param name="Id">The same for the same subscription; a token.</param>
/// <param name="Access">What it sees: <see cref="Access.Confirm"/>, <see cref="Access.PoliteBlock"/> or <see cref="Access.Allow"/>.</param>
internal sealed record WatcherEntry(string Uri, string Id, Access Access)
{
    /// <summary>Whether it sees that since it was confirmed.</summary>
    public bool IsApproved { get; init; }
}
