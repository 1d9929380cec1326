// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>The programs that can stand in the place of a terminal. A new one is one entry.</summary>
public static class TerminalPrograms
{
    /// <summary>Our phone.</summary>
    public const string Ours = "isthmus";

    /// <summary>What the lab brings itself for requests that are no calls (FIG. 10).</summary>
    public const string Agent = "agent";

    private const string Baresip = "baresip";
    private const string Linphone = "linphone";
    private const string Sipp = "sipp";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Ours, Baresip, Linphone, Sipp, Agent];

    /// <summary>What is missing here for a program of that name; null when nothing is.</summary>
    public static string? Missing(string name) => name switch
    {
        Baresip => Missing(Baresip, "baresip-core"),
        Linphone => Missing(LinphoneTerminal.Tool, "linphone-cli"),
        Sipp => Missing(SippTerminal.Tool, "sip-tester"),
        _ => null,
    };

    internal static ITerminalProgram Create(string name, LabStage stage, TerminalRole role) => name switch
    {
        Ours => new IsthmusTerminal(stage, role),
        Baresip => new BaresipTerminal(stage, role),
        Linphone => new LinphoneTerminal(stage, role),
        Sipp => new SippTerminal(stage, role),
        Agent => new AgentTerminal(stage, role),
        _ => throw new LabException($"there is no terminal program '{name}', expected {string.Join(" or ", Names)}"),
    };

    /// <summary>
    /// Whether the program refuses an offer that it cannot use in words of its own: a bare 488 where a terminal of the described method says 380.
    /// </summary>
    internal static bool RefusesInItsOwnWords(string name) => name != Ours;

    private static string? Missing(string tool, string package) => ToolBox.Find(tool) is null ? ToolBox.Missing(tool, package) : null;
}
