// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>Shows comparisons: a table on standard output, and Markdown and JSON files where a folder was named.</summary>
internal static class Reports
{
    /// <returns>The exit code: 1 when a call failed anywhere.</returns>
    public static int Write(IReadOnlyList<Comparison> comparisons, Measuring measuring)
    {
        AnsiConsole.Write(ResultTable.Create(comparisons));
        if (measuring.Folder is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "load.md"), MarkdownReport.Write(comparisons));
            File.WriteAllText(Path.Combine(folder, "load.json"), JsonReport.Write(comparisons));
        }

        foreach (string fault in comparisons.SelectMany(comparison => comparison.Faults))
        {
            Console.Error.WriteLine($"load: {fault}");
        }

        return comparisons.Any(comparison => comparison.Faults.Count > 0) ? Failures.Failed : Failures.Good;
    }
}
