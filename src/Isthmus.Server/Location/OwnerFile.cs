// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Server.Location;

/// <summary>Files for nobody but their owner: they say who calls whom from where.</summary>
internal static class OwnerFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file to read and write it.</summary>
    /// <exception cref="IOException">It cannot be opened, or another one has it and does not share it.</exception>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>When this returns, the names of the files in the folder of this one survive a loss of power.</summary>
    /// <exception cref="IOException">They may not.</exception>
    public static void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // the file system sees to it
        }

        using SafeFileHandle folder = LinuxFileCalls.Open(Path.GetDirectoryName(Path.GetFullPath(path))!, LinuxFileCalls.ReadOnly);
        if (folder.IsInvalid || LinuxFileCalls.Flush(folder) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }
}
