// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>What reading a configuration gave: the options, and all findings at once. The options are to be used only when there are none.</summary>
public sealed record ConfigurationResult(ServerOptions Options, IReadOnlyList<ConfigurationFinding> Findings)
{
    /// <summary>Whether nothing was found wrong.</summary>
    public bool IsValid => Findings.Count == 0;
}
