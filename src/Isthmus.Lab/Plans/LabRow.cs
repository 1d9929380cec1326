// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;

namespace Isthmus.Lab;

/// <summary>One row of the lab: a procedure, and the networks in which it is to be seen.</summary>
/// <param name="Name">What it is asked for by: the figure's number, or a name of its own.</param>
/// <param name="Figure">The procedure.</param>
/// <param name="Networks">The networks; the first is the one to show it in.</param>
public sealed record LabRow(string Name, Figure Figure, IReadOnlyList<LabNetwork> Networks)
{
    private const string Foreign = "S2";

    /// <summary>How the call ends.</summary>
    public FigureEnding Ending { get; init; } = FigureEnding.CallerHangsUp;

    // Where nothing is said, single requests are sent by the lab itself, and presence that is kept elsewhere is kept by a program of others.
    internal LabSettings Defaults(LabSettings settings) => Figure.Requests.Count == 0
        ? settings
        : settings with
        {
            Programs = new Dictionary<string, string>(settings.Programs
                .UnionBy([new(Figure.Caller.Name, TerminalPrograms.Agent), new(Figure.Callee.Name, TerminalPrograms.Agent), new(Foreign, KamailioServerProgram.Name)], place => place.Key)),
        };

    /// <summary>What it shows, in one line.</summary>
    public string Title => Ending switch
    {
        FigureEnding.CalleeHangsUp => $"FIG. {Figure.Name}, and the called terminal hangs up",
        FigureEnding.CalleeRejects => $"FIG. {Figure.Name}, and the called terminal rejects the call",
        FigureEnding.CallerCancels => $"FIG. {Figure.Name}, and the caller cancels while it rings",
        _ => Figure.Title,
    };
}
