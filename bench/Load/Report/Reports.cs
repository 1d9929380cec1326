// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>Shows comparisons: a table on standard output, and Markdown and JSON files where a folder was named.</summary>
internal static class Reports
{
    /// <summary>Writes load.md and load.json.</summary>
    /// <param name="comparisons">At least one.</param>
    /// <param name="folder">Where to; null for nowhere.</param>
    public static void Save(IReadOnlyList<Comparison> comparisons, string? folder)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "load.md"), MarkdownReport.Write(comparisons));
            File.WriteAllText(Path.Combine(folder, "load.json"), JsonReport.Write(comparisons));
        }
    }

    /// <summary>Prints the table.</summary>
    /// <returns>The exit code: 1 when a call failed anywhere.</returns>
    public static int Show(IReadOnlyList<Comparison> comparisons)
    {
        AnsiConsole.Write(ResultTable.Create(comparisons));
        string[] faults = [.. comparisons.SelectMany(comparison => comparison.Faults)];
        foreach (string fault in faults)
        {
            Console.Error.WriteLine($"load: {fault}");
        }

        return faults.Length > 0 ? Failures.Failed : Failures.Good;
    }
}
