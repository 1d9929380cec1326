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

    /// <summary>What a program of that name still needs to serve presence; null when nothing is missing.</summary>
    public static string? MissingForPresence(string name) =>
        name == KamailioServerProgram.Name && !KamailioServerProgram.HasPresence ? ToolBox.Missing("kamailio's module presence", KamailioServerProgram.PresencePackage) : null;

    /// <param name="name">The program.</param>
    /// <param name="stage">The ground.</param>
    /// <param name="domain">Its domain.</param>
    /// <param name="host">Its host.</param>
    /// <param name="method">The judge's method, for programs that judge.</param>
    /// <param name="servesPresence">Whether it keeps the presence of its domain, or sends what is about it on to the terminals; as it comes when null.</param>
    internal static ServerProgram Create(string name, LabStage stage, LabDomain domain, string host, JudgeMethod method, bool? servesPresence = null) => name switch
    {
        Ours => new IsthmusServerProgram(stage, domain, host, method, servesPresence),
        KamailioServerProgram.Name => new KamailioServerProgram(stage, domain, host, servesPresence ?? false),
        _ => throw new LabException($"there is no server program '{name}', expected {string.Join(" or ", Names)}"),
    };
}
