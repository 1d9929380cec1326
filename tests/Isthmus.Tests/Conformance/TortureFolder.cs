// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Tests.Conformance;

/// <summary>Where the messages of the torture RFCs are: beside the checkout, when they are there at all.</summary>
internal static class TortureFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Isthmus.slnx")))
            {
                return System.IO.Path.Combine(folder.Parent!.FullName, "shared", "torture");
            }
        }

        return "";
    }
}
