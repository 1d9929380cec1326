// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Hosting;

/// <summary>
/// How many connections the file descriptors of this process leave room for. The runtime itself does not survive the last one: it
/// opens files and threads when it needs them.
/// </summary>
internal static class OpenFiles
{
    /// <summary>Descriptors for everything but connections: the runtime, its libraries, listeners and the store take about 160.</summary>
    public const int Reserve = 256;

    private const int LinuxOpenFiles = 7;

    /// <summary>The descriptors that this process may have; null where that is not known.</summary>
    public static long? Limit()
    {
        if (!OperatingSystem.IsLinux() || GetResourceLimit(LinuxOpenFiles, out ResourceLimit limit) != 0)
        {
            return null;
        }

        return (long)Math.Min(limit.Current, long.MaxValue); // the runtime has raised it to what is allowed
    }

    /// <summary>The connections that may be taken where <paramref name="wanted"/> are configured; at least 1.</summary>
    public static int ConnectionsWithin(int wanted, long? limit) => limit is { } files ? (int)Math.Clamp(files - Reserve, 1, wanted) : wanted;

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetResourceLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Most;
    }
}
