// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;

namespace Isthmus.App.Serve;

/// <summary>Shows what is wrong in a configuration, a line each.</summary>
internal static class Findings
{
    public static int Show(IReadOnlyList<ConfigurationFinding> findings)
    {
        foreach (ConfigurationFinding finding in findings)
        {
            Console.Error.WriteLine(finding);
        }

        return ExitCodes.Failed;
    }
}
