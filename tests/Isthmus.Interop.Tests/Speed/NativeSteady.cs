// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Speed;

/// <summary>bench/Steady compiled ahead of time, once for all tests: a compiler at work beside it would be counted too.</summary>
public sealed class NativeSteady : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Task<string>? _published;

    /// <summary>Where the program is; skips the test where it cannot be linked.</summary>
    public Task<string> PublishedAsync() => _published ??= PublishAsync();

    public void Dispose() => _folder.Dispose();

    private async Task<string> PublishAsync()
    {
        Assert.SkipWhen(ChildProgram.Find("clang") is null && ChildProgram.Find("gcc") is null, "there is no linker for native programs: apt-get install gcc zlib1g-dev");
        CopySources();
        await using ChildProgram publish = ChildProgram.Start(
            ChildProgram.Require("dotnet", "dotnet-sdk-10.0"),
            [
                "publish", _folder.File("copy/bench/Steady"), "-c", "Release", "--use-current-runtime", "-p:PublishAot=true", "-p:StripSymbols=true",
                "-p:RestorePackagesWithLockFile=false", "-p:RestoreLockedMode=false", "-o", _folder.File("native"), "-nologo", "-v", "quiet",
            ],
            _folder.Path);
        int code = await publish.ExitAsync(TimeSpan.FromMinutes(10));
        Assert.SkipWhen(code != 0, $"a native program cannot be made here: {publish.Output.Text}");

        // valgrind gives up at debug information that it does not know.
        File.Delete(_folder.File("native/Isthmus.Steady.dbg"));
        return _folder.File("native/Isthmus.Steady");
    }

    // A native program needs packages that the lock files do not name: so it is made of a copy without them.
    private void CopySources()
    {
        string[] alone = ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];
        foreach (string file in Repository.Files("*", "src", "bench/Steady").Concat(alone).Where(file => Path.GetFileName(file) != "packages.lock.json"))
        {
            string copy = _folder.File("copy/" + file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }
    }
}
