// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Interop.Tests.Programs;

/// <summary>A folder of its own for one program, gone when the program is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("isthmus-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that was killed may still be writing; the system's own cleaning of temporary files takes the rest.
        }
    }
}
