// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Testing;

/// <summary>The files of the repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Isthmus.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The rooms of the house: the projects below src/.</summary>
    public static IReadOnlyList<string> SourceProjects { get; } =
        [.. Folders("src").Where(room => File.Exists(Path.Combine(Root, "src", room, room + ".csproj"))).Order(StringComparer.Ordinal)];

    /// <summary>Paths relative to the root, with forward slashes, of every file below <paramref name="folders"/> that nobody generated.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        from folder in folders
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Walk(path, pattern)
        select Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>The text of a file.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Root, relative));

    /// <summary>The names of the folders in a folder; none if it does not exist.</summary>
    public static IEnumerable<string> Folders(string relative)
    {
        var path = Path.Combine(Root, relative);
        return Directory.Exists(path)
            ? from folder in Directory.EnumerateDirectories(path) let name = Path.GetFileName(folder) where !IsGenerated(name) select name
            : [];
    }

    private static IEnumerable<string> Walk(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder).Where(child => !IsGenerated(Path.GetFileName(child))).SelectMany(child => Walk(child, pattern)));

    private static bool IsGenerated(string folder) => folder is "bin" or "obj" or "artifacts" or "TestResults" or "BenchmarkDotNet.Artifacts";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Isthmus.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Isthmus.slnx above {AppContext.BaseDirectory}");
    }
}
