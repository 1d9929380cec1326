// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Server;

namespace Isthmus.App.Serve;

/// <summary>`isthmus check`: what is wrong in a configuration file, all of it at once.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "the configuration file, such as isthmus.toml" };
        var command = new Command("check", "Check a configuration file: every error with its line and what was expected; exit code 0 when there is none.") { file };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!.ToString();
            IReadOnlyList<ConfigurationFinding> findings = ConfigurationFile.Check(path);
            if (findings.Count > 0)
            {
                return Findings.Show(findings);
            }

            Console.WriteLine($"{path}: good");
            return ExitCodes.Good;
        });
        return command;
    }
}
