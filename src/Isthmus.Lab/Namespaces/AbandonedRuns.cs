// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Isthmus.Lab;

/// <summary>Takes namespaces of the lab away, with what still runs inside them.</summary>
internal static class AbandonedRuns
{
    private const int Kill = 9;
    private const string Settings = "/etc/netns";

    /// <summary>Takes away what runs left that were killed, and says how many namespaces these were.</summary>
    public static async Task<int> SweepAsync(IpTool ip)
    {
        int swept = 0;
        foreach (string name in Abandoned(NetworkNamespace.Folder))
        {
            await RemoveAsync(ip, name);
            swept++;
        }

        foreach (string name in Abandoned(RunName.Folder))
        {
            RemoveFolder(name);
        }

        return swept;
    }

    /// <summary>Takes a run's folder away.</summary>
    public static void RemoveFolder(string run)
    {
        try
        {
            Directory.Delete(Path.Combine(RunName.Folder, run), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was faster.
        }
    }

    /// <summary>Ends the processes inside a namespace by their ids, and takes it away. Another run may do the same at the same time.</summary>
    public static async Task RemoveAsync(IpTool ip, string name)
    {
        if (!File.Exists($"{NetworkNamespace.Folder}/{name}"))
        {
            return;
        }

        try
        {
            foreach (string line in (await ip.RunAsync("netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                _ = LinuxCalls.Signal(int.Parse(line, CultureInfo.InvariantCulture), Kill);
            }

            await ip.RunAsync("netns", "delete", name);
        }
        catch (IOException)
        {
            // Somebody else was faster.
        }

        if (Directory.Exists($"{Settings}/{name}"))
        {
            Directory.Delete($"{Settings}/{name}", recursive: true);
        }
    }

    /// <summary>Writes a file that programs inside see in the place of the one in <c>/etc</c>, such as <c>resolv.conf</c>.</summary>
    public static void WriteSetting(NetworkNamespace inside, string file, string text)
    {
        Directory.CreateDirectory($"{Settings}/{inside.Name}");
        File.WriteAllText($"{Settings}/{inside.Name}/{file}", text);
    }

    private static IReadOnlyList<string> Abandoned(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).Where(name => RunName.OwnerOf(name) is { } owner && !IsAlive(owner))]
        : [];

    // A number may have been given to another program since.
    private static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("isthmus", StringComparison.OrdinalIgnoreCase);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
