// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Isthmus.Testing;

namespace Isthmus.Tests.Architecture;

/// <summary>What is public is listed in <c>PublicAPI.txt</c> beside its project. <c>ISTHMUS_ACCEPT=1</c> writes the list anew.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    [Theory, MemberData(nameof(Projects))]
    public void PublicApi_IsAs_Listed(string project)
    {
        var path = Path.Combine(Repository.Root, "src", project, "PublicAPI.txt");
        var api = PublicApi.Of(Assembly.LoadFrom(CompiledAssembly.PathOf(project)));
        if (Environment.GetEnvironmentVariable("ISTHMUS_ACCEPT") == "1")
        {
            File.WriteAllLines(path, api);
        }

        Assert.SkipUnless(File.Exists(path), $"src/{project}/PublicAPI.txt does not exist yet; run this test with ISTHMUS_ACCEPT=1 to write it");
        var listed = File.ReadAllLines(path);
        Assert.True(
            api.SequenceEqual(listed),
            $"""
            The public surface of {project} changed. If that is meant, run this test with ISTHMUS_ACCEPT=1 and commit src/{project}/PublicAPI.txt.
            new:  {string.Join("\n      ", api.Except(listed))}
            gone: {string.Join("\n      ", listed.Except(api))}
            """);
    }
}
