// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>One row of the lab: a procedure, and the networks in which it is to be seen.</summary>
/// <param name="Name">What it is asked for by: the figure's number, or a name of its own.</param>
/// <param name="Figure">The procedure.</param>
/// <param name="Networks">The networks; the first is the one to show it in.</param>
public sealed record LabRow(string Name, Figure Figure, IReadOnlyList<LabNetwork> Networks)
{
    /// <summary>How the call ends.</summary>
    public FigureEnding Ending { get; init; } = FigureEnding.CallerHangsUp;

    // Where nothing is said, presence of another domain is kept by a program of others. No phone publishes there for a user of this one: the lab does that itself.
    internal LabSettings Defaults(LabSettings settings)
    {
        if (Figure.PresenceServer is not { } place || place == Figure.Servers[0])
        {
            return settings;
        }

        var programs = new Dictionary<string, string>(settings.Programs);
        programs.TryAdd(place, KamailioServerProgram.Name);
        if (Figure.Steps.Any(step => step.Does == SipMethod.Publish && step.Who == Figure.Left))
        {
            programs.TryAdd(Figure.Left.Name, TerminalPrograms.Agent);
        }

        return settings with { Programs = programs };
    }

    /// <summary>What it shows, in one line.</summary>
    public string Title => Ending switch
    {
        FigureEnding.CalleeHangsUp => $"FIG. {Figure.Name}, and the called terminal hangs up",
        FigureEnding.CalleeRejects => $"FIG. {Figure.Name}, and the called terminal rejects the call",
        FigureEnding.CallerCancels => $"FIG. {Figure.Name}, and the caller cancels while it rings",
        _ => Figure.Title,
    };
}
