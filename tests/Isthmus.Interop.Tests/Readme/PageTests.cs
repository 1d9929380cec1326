// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Readme;

/// <summary>What every page shows is true: its links lead somewhere, its programs are compiled somewhere, its tests exist.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages =>
        [.. Repository.Files("*.md", "docs").Append("README.md").Append("CONTRIBUTING.md").Append("SECURITY.md").Append("CHANGELOG.md").Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pages))]
    public void Link_Leads_ToAFile(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.Empty(
            from Match link in Link().Matches(Repository.Read(page))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains(':') && !Path.Exists(Path.Combine(folder, target))
            select target);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Block_Names_ALanguage(string page) => Assert.Empty(CodeBlock.In(page).Where(block => block.Language.Length == 0).Select(block => $"{page}:{block.Line}"));

    /// <summary>A C# block stands, line for line, in a source file that is compiled.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Program_IsCompiled_Somewhere(string page)
    {
        var programs = CodeBlock.In(page).Where(block => block.Language == "csharp").ToList();
        if (programs.Count == 0)
        {
            return;
        }

        var sources = Repository.Files("*.cs", "src", "apps", "tests", "bench").Select(file => Squeeze(Repository.Lines(file))).ToList();
        Assert.Empty(programs.Where(program => !sources.Any(source => source.Contains(Squeeze(program.Lines), StringComparison.Ordinal))).Select(program => $"{page}:{program.Line}"));
    }

    /// <summary>Tests that a page names as <c>Class.Method</c> in backticks exist.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Test_NamedByAPage_Exists(string page)
    {
        var sources = Repository.Files("*Tests.cs", "tests").ToLookup(file => Path.GetFileNameWithoutExtension(file), Repository.Read);
        Assert.Empty(
            from Match name in TestName().Matches(Repository.Read(page))
            where !sources[name.Groups[1].Value].Any(source => source.Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal))
            select name.Value);
    }

    [Fact]
    public void Decision_Has_ANumberOfItsOwn() =>
        Assert.Empty(
            from page in Repository.Files("*.md", "docs/decisions")
            group page by Path.GetFileName(page).Split('-')[0] into number
            where number.Count() > 1
            select number.Key);

    private static string Squeeze(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
