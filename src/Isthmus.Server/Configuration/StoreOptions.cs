// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server;

/// <summary>Where bindings are kept over a restart.</summary>
public sealed record StoreOptions
{
    /// <summary>The value of <see cref="Path"/> for a store that forgets at exit.</summary>
    public const string Memory = ":memory:";

    /// <summary>
    /// The database file; <see cref="Memory"/> keeps nothing. Null: the command <c>serve</c> takes <c>isthmus.db</c> in $STATE_DIRECTORY, else in the
    /// working directory; a server inside another program keeps nothing.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>When the journal is folded.</summary>
    internal JournalBounds Journal { get; init; } = new();
}
