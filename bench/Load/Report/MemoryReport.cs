// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Isthmus.Load;

/// <summary>Memory as a table, in Markdown and as JSON.</summary>
internal static class MemoryReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static IReadOnlyList<string> Columns { get; } = ["server", "holds", "MB", "kB per added one", "collections, longest pause"];

    public static IReadOnlyList<string> Cells(MemoryStep step) =>
        [step.Server, step.State, Number(step.Bytes / 1e6, "0.0"), step.PerBinding is { } each ? Number(each / 1e3, "0.00") : "", step.Garbage?.ToString() ?? ""];

    public static string Markdown(IEnumerable<MemoryStep> steps)
    {
        var text = new StringBuilder($"| {string.Join(" | ", Columns)} |\n|{string.Concat(Columns.Select(_ => " --- |"))}\n");
        foreach (MemoryStep step in steps)
        {
            text.Append("| ").AppendJoin(" | ", Cells(step)).Append(" |\n");
        }

        return text.ToString();
    }

    public static string Json(IEnumerable<MemoryStep> steps) => JsonSerializer.Serialize(steps, Indented);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
