// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>Where a configured value stands: a file with line and column (from 1), or the name of an environment variable (line 0).</summary>
public readonly record struct SourcePosition(string Source, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
