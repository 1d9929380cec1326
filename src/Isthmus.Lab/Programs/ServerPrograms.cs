// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;

namespace Isthmus.Lab;

/// <summary>The programs that can stand in the place of a server. A new one is one entry.</summary>
public static class ServerPrograms
{
    /// <summary>Our server.</summary>
    public const string Ours = TerminalPrograms.Ours;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Ours, KamailioServerProgram.Name];

    /// <summary>What is missing here for a program of that name; null when nothing is.</summary>
    public static string? Missing(string name) => name == KamailioServerProgram.Name && KamailioServerProgram.Tool is null ? ToolBox.Missing(KamailioServerProgram.Name, KamailioServerProgram.Package) : null;

    internal static ServerProgram Create(string name, LabStage stage, LabDomain domain, string host, JudgeMethod method) => name switch
    {
        Ours => new IsthmusServerProgram(stage, domain, host, method),
        KamailioServerProgram.Name => new KamailioServerProgram(stage, domain, host),
        _ => throw new LabException($"there is no server program '{name}', expected {string.Join(" or ", Names)}"),
    };
}
