// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Load;

/// <summary>What the kernel tells about a process and all that it has started.</summary>
internal static class ProcessTree
{
    // USER_HZ, the unit of /proc/PID/stat: 100 on all of Linux.
    private const int TicksPerSecond = 100;

    /// <summary>User and system time of all of them.</summary>
    public static TimeSpan ProcessorTime(int root)
    {
        var stats = Stats("/proc");
        long ticks = Members(root, stats).Sum(id => stats[id].Ticks);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <summary>User and system time of each thread of one process.</summary>
    public static IReadOnlyDictionary<int, TimeSpan> ThreadTimes(int process) =>
        Stats($"/proc/{process}/task").ToDictionary(pair => pair.Key, pair => TimeSpan.FromSeconds((double)pair.Value.Ticks / TicksPerSecond));

    /// <summary>Proportional set size of all of them, in bytes: what they share counts once.</summary>
    public static long Memory(int root) => Members(root, Stats("/proc")).Sum(id => ReadOf($"/proc/{id}/smaps_rollup") is { } rollup ? ProportionalSize(rollup) : 0);

    /// <summary>Reads the parent and the times of a line of <c>/proc/PID/stat</c>; the name in it may contain anything.</summary>
    public static ProcessStat? Parse(string line)
    {
        int afterName = line.LastIndexOf(')');
        string[] fields = afterName < 0 ? [] : line[(afterName + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // proc(5) counts from 1, and the state after the name is number 3: 4 is the parent, 14 utime, 15 stime.
        return fields.Length > 12 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out int parent)
            && long.TryParse(fields[11], CultureInfo.InvariantCulture, out long user) && long.TryParse(fields[12], CultureInfo.InvariantCulture, out long system)
            ? new ProcessStat(parent, user + system)
            : null;
    }

    /// <summary>The Pss of <c>/proc/PID/smaps_rollup</c>, in bytes.</summary>
    public static long ProportionalSize(string rollup)
    {
        foreach (string line in rollup.Split('\n'))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(4).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }

    private static Dictionary<int, ProcessStat> Stats(string folderOfFolders)
    {
        var all = new Dictionary<int, ProcessStat>();
        if (!Directory.Exists(folderOfFolders))
        {
            return all;
        }

        foreach (string folder in Directory.EnumerateDirectories(folderOfFolders))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out int id) && ReadOf($"{folder}/stat") is { } line && Parse(line) is { } stat)
            {
                all[id] = stat;
            }
        }

        return all;
    }

    private static List<int> Members(int root, Dictionary<int, ProcessStat> stats)
    {
        var members = new List<int>();
        if (stats.ContainsKey(root))
        {
            members.Add(root);
        }

        for (int i = 0; i < members.Count; i++)
        {
            members.AddRange(from pair in stats where pair.Value.Parent == members[i] select pair.Key);
        }

        return members;
    }

    // A process may end between being listed and being read.
    private static string? ReadOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
