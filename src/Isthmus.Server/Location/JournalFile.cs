// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Server.Location;

/// <summary>A file of the disk, for its owner only.</summary>
internal sealed class JournalFile : IJournalFile
{
    private readonly SafeFileHandle _handle;

    private JournalFile(SafeFileHandle handle) => (_handle, Length) = (handle, RandomAccess.GetLength(handle));

    public long Length { get; private set; }

    /// <summary>Opens one that is there, or makes an empty one in its place whose name is on the disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static JournalFile Open(string path, bool isNew)
    {
        if (!isNew)
        {
            return new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        }

        using (OwnerFile.Open(path, FileMode.Create, FileShare.Read))
        {
        }

        OwnerFile.FlushFolder(path);
        return Open(path, isNew: false);
    }

    public int Read(Span<byte> octets, long offset)
    {
        int count = 0;
        while (count < octets.Length && RandomAccess.Read(_handle, octets[count..], offset + count) is var read and > 0)
        {
            count += read;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> octets, long offset)
    {
        RandomAccess.Write(_handle, octets, offset);
        Length = Math.Max(Length, offset + octets.Length);
        Flush();
    }

    public void Dispose() => _handle.Dispose();

    // Only what is needed to read the octets again: not the time of the last change.
    private void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_handle);
        }
        else if (LinuxFileCalls.FlushData(_handle) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }
}
