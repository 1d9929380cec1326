// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Fuzz;

/// <summary>The messages that mutations begin with: our own, and those of the torture RFCs where they lie beside the checkout.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Load()
    {
        var folders = new List<string> { Path.Combine(AppContext.BaseDirectory, "Corpus") };
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null && folders.Count == 1; folder = folder.Parent)
        {
            if (!Directory.Exists(Path.Combine(folder.FullName, "shared", "torture")))
            {
                continue;
            }

            folders.AddRange(from rfc in (string[])["rfc4475", "rfc5118"] select Path.Combine(folder.FullName, "shared", "torture", rfc));
        }

        return [.. from folder in folders where Directory.Exists(folder) from file in Directory.EnumerateFiles(folder, "*.dat").Order(StringComparer.Ordinal) select File.ReadAllBytes(file)];
    }
}
