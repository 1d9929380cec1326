// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;

namespace Isthmus.Lab;

/// <summary>The rows of the lab. A new one is one entry: a figure and its networks.</summary>
public static class LabTable
{
    /// <summary>All rows in their order.</summary>
    public static IReadOnlyList<LabRow> All { get; } =
    [
        .. FigureTable.All.Select(figure => new LabRow(figure.Name, figure, IsOfEmbodiment1(figure) ? [LabNetwork.Figure1, LabNetwork.Figure2] : [LabNetwork.Figure1])),
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

    // The figures that are drawn both for one network and for T6 behind a router.
    private static bool IsOfEmbodiment1(Figure figure) => figure.Name is "3" or "4" or "5" or "6" or "7" or "8";

    private static LabRow Ended(string name, string figure, FigureEnding ending) =>
        new(name, FigureTable.Find(figure)!, [LabNetwork.Figure1, LabNetwork.Figure2]) { Ending = ending };
}
