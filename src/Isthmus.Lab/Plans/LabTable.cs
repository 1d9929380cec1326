// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The rows of the lab. A new one is one entry: a figure and its networks.</summary>
public static class LabTable
{
    /// <summary>All rows in their order.</summary>
    public static IReadOnlyList<LabRow> All { get; } =
    [
        .. FigureTable.All.Select(figure => new LabRow(figure.Name, figure, IsAlsoBehindTheRouter(figure) ? [LabNetwork.Figure1, LabNetwork.Figure2] : [LabNetwork.Figure1])),
        Ended("bye-1", "3", FigureEnding.CalleeHangsUp),
        Ended("bye-2", "3", FigureEnding.CalleeRejects),
        Ended("bye-3", "3", FigureEnding.CallerCancels),
        Ended("bye-4", "4", FigureEnding.CalleeHangsUp),
        Ended("bye-5", "4", FigureEnding.CallerCancels),
        Ended("bye-6", "7", FigureEnding.CalleeRejects),
        Ended("bye-7", "7", FigureEnding.CallerCancels),
    ];

    /// <summary>The rows of that name: one, or all those of a family such as <c>E4-a</c> or <c>bye</c>. None when there is no such row.</summary>
    public static IReadOnlyList<LabRow> Find(string name) =>
        All.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } one
            ? [one]
            : [.. All.Where(row => row.Name.TrimEnd("0123456789".ToCharArray()).TrimEnd('-') is { Length: > 0 } family && family.Equals(name, StringComparison.OrdinalIgnoreCase))];

    // Those in which one terminal has one version only: it can also be where there is no other.
    private static bool IsAlsoBehindTheRouter(Figure figure) => figure.Caller.Has.Single is not null || figure.Callee.Has.Single is not null;

    private static LabRow Ended(string name, string figure, FigureEnding ending) =>
        new(name, FigureTable.Find(figure)!, [LabNetwork.Figure1, LabNetwork.Figure2]) { Ending = ending };
}
