// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>The control socket.</summary>
public sealed record ControlOptions
{
    /// <summary>The value of <see cref="Socket"/> for no control socket.</summary>
    public const string None = "none";

    /// <summary>
    /// The path of the Unix socket; <see cref="None"/>: no socket. Null: the command <c>serve</c> takes <c>control.sock</c> in $RUNTIME_DIRECTORY, else in
    /// <c>/tmp/isthmus-UID</c>; a server inside another program has none.
    /// </summary>
    public string? Socket { get; init; }
}
