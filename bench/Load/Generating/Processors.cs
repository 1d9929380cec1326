// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Load;

/// <summary>Which processors this program runs on.</summary>
internal static class Processors
{
    private const string SessionNiceness = "/proc/self/autogroup";

    /// <summary>Binds all threads that there are, and those that they start, to one processor.</summary>
    /// <exception cref="LoadException">There is no such processor.</exception>
    public static void Pin(int processor)
    {
        if (processor < 0 || processor >= 64 || !TryPin(0, 1UL << processor))
        {
            throw new LoadException($"There is no processor {processor} for the load generator; choose with --generator-cpu");
        }

        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            _ = TryPin(int.Parse(Path.GetFileName(thread.AsSpan()), CultureInfo.InvariantCulture), 1UL << processor);
        }
    }

    /// <summary>Sets the niceness of this thread and of all that it starts, servers included.</summary>
    /// <exception cref="LoadException">That is not allowed, or would not count.</exception>
    public static void Prioritise(int niceness)
    {
        if (niceness != 0 && LinuxCalls.SetPriority(0, 0, niceness) != 0)
        {
            throw new LoadException($"--nice {niceness} is not allowed to this user; leave it away, or run as root");
        }

        // Where the kernel groups processes by session, niceness counts within the session only, and the session has its own.
        if (niceness != 0 && File.Exists(SessionNiceness))
        {
            if (LinuxCalls.SessionOf(0) != Environment.ProcessId)
            {
                throw new LoadException($"--nice {niceness} would count only within this session; begin the command with setsid --wait, and nothing between that and dotnet");
            }

            File.WriteAllText(SessionNiceness, niceness.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static unsafe bool TryPin(int thread, ulong mask) => LinuxCalls.SetAffinity(thread, sizeof(ulong), &mask) == 0;
}
