// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Testing;

namespace Isthmus.Tests.Architecture;

/// <summary>What every source file keeps to (CONTRIBUTING.md).</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 600;

    private static readonly string[] Everywhere = ["src", "apps", "tests", "bench"];
    private static readonly string[] EmptyNames = ["Utils", "Util", "Utilities", "Common", "Helpers", "Helper", "Manager", "Managers", "Misc"];

    private static readonly Dictionary<string, string> Rooms = new()
    {
        ["Sip"] = "Isthmus.Sip",
        ["Sdp"] = "Isthmus.Sdp",
        ["DualStack"] = "Isthmus.DualStack",
        ["Bodies"] = "Isthmus.Bodies",
        ["Stack"] = "Isthmus.Sip.Stack",
        ["Server"] = "Isthmus.Server",
        ["Media"] = "Isthmus.Media",
        ["Phone"] = "Isthmus.Phone",
        ["Figures"] = "Isthmus.Figures",
        ["Lab"] = "Isthmus.Lab",
    };

    private static readonly string[] OtherTestFolders = ["Architecture", "Conformance", "Load"];

    [Fact]
    public void Source_Is_AtMost600Lines() =>
        Assert.Empty(from file in Repository.Files("*.cs", Everywhere) let lines = Repository.Lines(file).Length where lines > LongestFile select $"{file}: {lines} lines");

    [Fact]
    public void Source_Begins_WithItsLicence() =>
        Assert.Empty(
            from file in Repository.Files("*.cs", Everywhere)
            let lines = Repository.Lines(file)
            where lines.FirstOrDefault() != "// SPDX-License-Identifier: Apache-2.0" || lines.Count(line => line.StartsWith("// SPDX", StringComparison.Ordinal)) > 1
            select file);

    [Fact]
    public void Folder_IsNamed_ForAConcept() =>
        Assert.Empty(from file in Repository.Files("*", Everywhere) let name = file.Split('/').SkipLast(1).Intersect(EmptyNames).FirstOrDefault() where name is not null select file);

    [Fact]
    public void Source_Waits_ForConditionsNotForTime() =>
        Assert.Empty(
            from file in Repository.Files("*.cs", Everywhere)
            where !file.StartsWith("tests/Isthmus.Tests/Architecture/", StringComparison.Ordinal)
            from line in Repository.Lines(file)
            where Sleeping().IsMatch(line)
            select $"{file}: {line.Trim()}");

    [Fact]
    public void Source_Holds_NoNoteToSelf() =>
        Assert.Empty(
            from file in Repository.Files("*.cs", Everywhere)
            where !file.StartsWith("tests/Isthmus.Tests/Architecture/", StringComparison.Ordinal)
            from line in Repository.Lines(file)
            where NoteToSelf().IsMatch(line)
            select $"{file}: {line.Trim()}");

    [Fact]
    public void Tests_Mirror_TheRooms()
    {
        const string Tests = "tests/Isthmus.Tests";
        Assert.Empty(Repository.Folders(Tests).Except(Rooms.Keys).Except(OtherTestFolders));
        Assert.Empty(from room in Rooms from folder in Repository.Folders($"{Tests}/{room.Key}").Except(Repository.Folders($"src/{room.Value}")) select $"{room.Key}/{folder}");
    }

    [Fact]
    public void Test_IsIn_TheNamespaceOfItsRoom() =>
        Assert.Empty(
            from file in Repository.Files("*.cs", "tests/Isthmus.Tests")
            let parts = file.Split('/')
            where parts.Length < 4 || !Repository.Lines(file).Any(line => line.StartsWith($"namespace Isthmus.Tests.{parts[2]}", StringComparison.Ordinal))
            select file);

    [Fact]
    public void Project_Locks_ItsPackages() =>
        Assert.Empty(from project in Repository.Files("*.csproj", Everywhere) where !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json")) select project);

    [Fact]
    public void Project_Leaves_VersionsToTheCentralList() =>
        Assert.Empty(from project in Repository.Files("*.csproj", Everywhere) where Repository.Read(project).Contains("PackageReference", StringComparison.Ordinal) && VersionOfPackage().IsMatch(Repository.Read(project)) select project);

    // A delay on a TimeProvider is a timer, and in a test a simulated one.
    [GeneratedRegex(@"\bThread\.Sleep\b|\bTask\.Delay\b(?!\([^,;]+,\s*\w*[tT]ime(Provider)?\b)")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex NoteToSelf();

    [GeneratedRegex("<PackageReference[^>]*Version=")]
    private static partial Regex VersionOfPackage();
}
