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
        .. CarriedFigureTable.All.Select(figure => new LabRow(figure.Name, figure, figure.Servers.Count > 1 ? [NetworkOf(figure)] : [LabNetwork.Figure9, LabNetwork.Figure2])),
        .. DomainFigureTable.All.Select(figure => new LabRow(figure.Name, figure, [NetworkOf(figure)])),
        Ended("bye-1", "3", FigureEnding.CalleeHangsUp),
        Ended("bye-2", "3", FigureEnding.CalleeRejects),
        Ended("bye-3", "3", FigureEnding.CallerCancels),
        Ended("bye-4", "4", FigureEnding.CalleeHangsUp),
        Ended("bye-5", "4", FigureEnding.CallerCancels),
        Ended("bye-6", "7", FigureEnding.CalleeRejects),
        Ended("bye-7", "7", FigureEnding.CallerCancels),
        Ended("bye-8", "13", FigureEnding.CalleeHangsUp),
        Ended("bye-9", "13", FigureEnding.CalleeRejects),
        Ended("bye-10", "13", FigureEnding.CallerCancels),
        Ended("bye-11", "14", FigureEnding.CallerCancels),
        Ended("bye-12", "15", FigureEnding.CalleeRejects),
        Ended("bye-13", "17", FigureEnding.CalleeHangsUp),
        Ended("bye-14", "17", FigureEnding.CallerCancels),
        Ended("bye-15", "18", FigureEnding.CalleeRejects),
        Ended("bye-16", "19", FigureEnding.CallerCancels),
    ];

    /// <summary>The rows of that name: one, or all those of a family such as <c>E4-a</c> or <c>bye</c>. None when there is no such row.</summary>
    public static IReadOnlyList<LabRow> Find(string name) =>
        All.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } one
            ? [one]
            : [.. All.Where(row => row.Name.TrimEnd("0123456789".ToCharArray()).TrimEnd('-') is { Length: > 0 } family && family.Equals(name, StringComparison.OrdinalIgnoreCase))];

    // Those in which one terminal has one version only: it can also be where there is no other.
    private static bool IsAlsoBehindTheRouter(Figure figure) => figure.Caller.Has.Single is not null || figure.Callee.Has.Single is not null;

    private static LabNetwork NetworkOf(Figure figure) =>
        figure.Servers[^1] == "S1-2" ? LabNetwork.Figure11 : figure.Right.Has == IpVersions.V6 ? LabNetwork.Figure12Mirrored : LabNetwork.Figure12;

    private static LabRow Ended(string name, string figure, FigureEnding ending) => FigureTable.Find(figure) is { } near
        ? new(name, near, [LabNetwork.Figure1, LabNetwork.Figure2]) { Ending = ending }
        : DomainFigureTable.Find(figure) is { } far ? new(name, far, [NetworkOf(far)]) { Ending = ending } : throw new LabException($"there is no figure {figure}");
}
