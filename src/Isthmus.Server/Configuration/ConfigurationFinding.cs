// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>Something wrong in a configuration: where, what, and what was expected.</summary>
public sealed record ConfigurationFinding(SourcePosition Position, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Message}";
}
