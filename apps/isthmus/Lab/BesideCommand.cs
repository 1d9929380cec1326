// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Lab;

namespace Isthmus.App.Lab;

/// <summary>`isthmus lab beside`: whether calls into many other domains hold up local ones.</summary>
internal static class BesideCommand
{
    public static Command Create()
    {
        Option<int> rate = NumberOption.Create("--rate", "calls a second into other domains", 500, 1, 5000);
        Option<int> seconds = NumberOption.Create("--seconds", "how long each stretch is", 10, 1, 600);
        Option<int> rounds = NumberOption.Create("--rounds", "how many pairs of stretches, alone and beside", 3, 1, 100);
        var output = new Option<string>("--output", "-o") { Description = "folder for what the server said", DefaultValueFactory = _ => Path.Combine("lab-out", "beside") };
        var json = new Option<FileInfo?>("--json") { Description = "file for the results as JSON" };
        var command = new Command("beside", $"Measure local calls, by turns alone and beside calls into {BesideRun.Domains} other domains whose names are never in the cache for long; DNS takes 40 ms, and for {BesideRun.Silent} of them it is silent.")
        {
            rate, seconds, rounds, output, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<string> missing = LabRequirements.Missing([], "./isthmus lab beside");
            foreach (string line in missing)
            {
                await Console.Error.WriteLineAsync($"isthmus: {line}");
            }

            if (missing.Count > 0)
            {
                return ExitCodes.Failed;
            }

            try
            {
                IReadOnlyList<BesideResult> results = await BesideRun.RunAsync(
                    new LabSettings { Isthmus = LabArguments.ThisProgram(), Output = parsed.GetValue(output)! },
                    parsed.GetValue(rate),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    parsed.GetValue(rounds),
                    line => Console.Error.WriteLine($"lab: {line}"),
                    TimeProvider.System,
                    cancellation);
                Console.WriteLine(BesideReport.Table(results));
                if (parsed.GetValue(json) is { } path)
                {
                    using FileStream file = path.Create();
                    BesideReport.Write(file, results);
                }

                return ExitCodes.Good;
            }
            catch (Exception exception) when (exception is LabException or IOException or UnauthorizedAccessException || (exception is OperationCanceledException && cancellation.IsCancellationRequested))
            {
                await Console.Error.WriteLineAsync($"isthmus: {exception.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }
}
