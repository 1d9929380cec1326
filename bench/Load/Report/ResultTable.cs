// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>Comparisons as a table for the terminal.</summary>
internal static class ResultTable
{
    public static Table Create(IReadOnlyList<Comparison> comparisons)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 400; // a pipe has no width: nothing is cut
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in ResultCells.Columns(comparisons[0].Names))
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (Comparison comparison in comparisons)
        {
            table.AddRow([.. ResultCells.Of(comparison).Select(Markup.Escape)]);
        }

        return table;
    }
}
