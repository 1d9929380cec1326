// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>The programs of other people that the lab starts, and the Debian packages that bring them.</summary>
internal static class ToolBox
{
    private const string SystemFolders = "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin";

    /// <summary>Where a program lies; null when it is not installed. The folders of the system's programs are looked into even if the PATH lacks them.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:{SystemFolders}".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>What to say of a program that is missing.</summary>
    public static string Missing(string program, string package) => $"{program} is not installed: apt-get install {package}";
}
