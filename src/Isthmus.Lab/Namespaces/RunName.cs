// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;

namespace Isthmus.Lab;

/// <summary>The name of one run of the lab, which every namespace of it begins with: it says whose it is, so that what a killed run left can be told from a living one.</summary>
internal static class RunName
{
    private const string Prefix = "isthmus-lab-";

    /// <summary>Where runs keep what their programs read and write; a folder for each.</summary>
    public const string Folder = "/run/isthmus-lab";

    public static string New() => $"{Prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>The process that a namespace belongs to; null when it is not one of the lab's.</summary>
    public static int? OwnerOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name[Prefix.Length..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
}
