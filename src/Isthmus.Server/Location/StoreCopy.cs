// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Location;

/// <summary>
/// A copy of a store that no server uses, to look into: opening the store itself would write to it, keep a server from starting meanwhile, and leave files that the
/// server's user cannot open. It is gone when this is disposed.
/// </summary>
internal sealed class StoreCopy : IDisposable
{
    private const string Lock = ".lock";

    private readonly DirectoryInfo _folder;

    private StoreCopy(DirectoryInfo folder, string name) => (_folder, Path) = (folder, System.IO.Path.Combine(folder.FullName, name));

    /// <summary>The file to open.</summary>
    public string Path { get; }

    /// <summary>Whether a server uses a store.</summary>
    public static bool IsUsed(string path)
    {
        try
        {
            if (File.Exists(path + Lock))
            {
                new FileStream(path + Lock, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Copies a store: its file, and those beside it whose names begin with its name.</summary>
    /// <exception cref="IOException">It cannot be read, or there is no room for the copy.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static StoreCopy Take(string path)
    {
        var copy = new StoreCopy(Directory.CreateTempSubdirectory("isthmus-store-"), System.IO.Path.GetFileName(path));
        try
        {
            foreach (string file in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, System.IO.Path.GetFileName(path) + "*"))
            {
                if (!file.EndsWith(Lock, StringComparison.Ordinal))
                {
                    File.Copy(file, System.IO.Path.Combine(copy._folder.FullName, System.IO.Path.GetFileName(file)));
                }
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
