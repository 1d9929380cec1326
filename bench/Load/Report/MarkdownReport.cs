// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Load;

/// <summary>Comparisons as a table in Markdown.</summary>
internal static class MarkdownReport
{
    public static string Write(IReadOnlyList<Comparison> comparisons)
    {
        IReadOnlyList<string> columns = ResultCells.Columns(comparisons[0].Names);
        var text = new StringBuilder();
        Line(text, columns);
        Line(text, columns.Select(_ => "---"));
        foreach (Comparison comparison in comparisons)
        {
            Line(text, ResultCells.Of(comparison));
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
