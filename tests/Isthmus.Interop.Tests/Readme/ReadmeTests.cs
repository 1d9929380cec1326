// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Readme;

/// <summary>The README's commands, run as they are written.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Readme_FollowedFromTopToBottom_Works()
    {
        await using var walkthrough = new Walkthrough();
        await walkthrough.FollowAsync("README.md");
    }

    [Fact]
    public async Task Isthmus_WithoutDotnet_SaysWhatIsMissing()
    {
        // A clone that was never built, and a PATH without dotnet.
        using var clone = new TemporaryFolder();
        var script = clone.Write("isthmus", Repository.Read("isthmus"));
        Directory.CreateDirectory(clone.File("src"));
        Directory.CreateDirectory(clone.File("apps"));
        clone.Write("global.json", "{}");
        clone.Write("Directory.Build.props", "<Project/>");
        var tools = Directory.CreateDirectory(clone.File("tools")).FullName;
        foreach (var tool in new[] { "dirname", "readlink", "find", "sort", "cksum", "cat", "mkdir", "flock", "sed", "tail" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), ChildProgram.Find(tool)!);
        }

        using var program = Process.Start(new ProcessStartInfo("/bin/bash", [script, "demo"]) { RedirectStandardError = true, Environment = { ["PATH"] = tools } })!;
        var error = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(69, program.ExitCode);
        Assert.Contains(".NET 10 SDK is needed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("command not found", error, StringComparison.Ordinal);
    }
}
