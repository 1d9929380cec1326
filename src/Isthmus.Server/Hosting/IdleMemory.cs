// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Isthmus.Server.Hosting;

/// <summary>Memory that the process has and does not use.</summary>
internal static class IdleMemory
{
    /// <summary>Collects everything, moves what lives together, and gives the rest back to the system, with what the C library keeps. Everything stands still meanwhile.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = Trim(0);
            }
            catch (EntryPointNotFoundException)
            {
                // A C library other than glibc, which keeps less.
            }
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint pad);
}
