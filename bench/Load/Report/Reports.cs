// SPDX-License-Identifier: Apache-2.0
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>Shows comparisons: a table on standard output, and Markdown and JSON files where a folder was named.</summary>
internal static class Reports
{
    /// <summary>Writes load.md and load.json.</summary>
    /// <param name="comparisons">At least one.</param>
    /// <param name="folder">Where to; null for nowhere.</param>
    /// <param name="note">Stands below the table; empty for none.</param>
    public static void Save(IReadOnlyList<Comparison> comparisons, string? folder, string note = "")
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "load.md"), MarkdownReport.Write(comparisons) + (note.Length > 0 ? $"\n{note}\n" : ""));
            File.WriteAllText(Path.Combine(folder, "load.json"), JsonReport.Write(comparisons));
        }
    }

    /// <summary>Prints the table, and the note below it.</summary>
    /// <returns>The exit code: 1 when a call failed anywhere.</returns>
    public static int Show(IReadOnlyList<Comparison> comparisons, string note = "")
    {
        AnsiConsole.Write(ResultTable.Create(comparisons));
        if (note.Length > 0)
        {
            Console.WriteLine(note);
        }

        string[] faults = [.. comparisons.SelectMany(comparison => comparison.Faults)];
        foreach (string fault in faults)
        {
            Console.Error.WriteLine($"load: {fault}");
        }

        return faults.Length > 0 ? Failures.Failed : Failures.Good;
    }
}
