// SPDX-License-Identifier: Apache-2.0
using Isthmus.Lab;

namespace Isthmus.App.Lab;

/// <summary>Runs rows of the lab one after another and shows what came of them: ladders and tables on the output, progress on the other one.</summary>
internal sealed class LabStage(TextWriter output, TextWriter progress, FileInfo? json)
{
    public async Task<int> ShowAsync(IReadOnlyList<(LabRow Row, LabSettings Settings)> runs, bool isAll, CancellationToken cancellation)
    {
        IReadOnlyList<string> missing = [.. runs.SelectMany(run => LabRequirements.Missing(run.Row, run.Settings, $"./isthmus lab {(isAll ? "all" : $"figure {run.Row.Name}")}")).Distinct()];
        if (missing.Count > 0)
        {
            foreach (string line in missing.DistinctBy(line => line.Split(": sudo")[0]))
            {
                progress.WriteLine($"isthmus: {line}");
            }

            return ExitCodes.Failed;
        }

        var results = new List<LabResult>();
        try
        {
            foreach ((LabRow row, LabSettings settings) in runs)
            {
                LabResult result = await LabRun.RunAsync(row, settings, line => progress.WriteLine($"lab: {line}"), TimeProvider.System, cancellation);
                results.Add(result);
                if (isAll)
                {
                    progress.WriteLine($"lab: {results.Count} of {runs.Count}: FIG. {row.Name} {(result.IsGood ? "is as described" : $"is NOT as described: {result.Problems[0]}")}");
                }
                else
                {
                    output.WriteLine();
                    output.WriteLine(LabText.Page(result));
                    output.WriteLine($"        {result.Settings.Output}: ladder.txt, ladder.svg, capture.pcap");
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            progress.WriteLine("lab: interrupted; everything is taken away");
            return ExitCodes.Failed;
        }

        output.WriteLine();
        output.WriteLine(LabText.Table(results));
        if (json is not null)
        {
            await using FileStream file = json.Create();
            LabJson.Write(file, results);
        }

        return results.TrueForAll(result => result.IsGood) ? ExitCodes.Good : ExitCodes.Failed;
    }
}
