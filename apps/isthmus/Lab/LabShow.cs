// SPDX-License-Identifier: Apache-2.0
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.App.Lab;

/// <summary>Runs rows of the lab and shows what came of them: ladders and a table on the output, progress on the other one.</summary>
internal sealed class LabShow(TextWriter output, TextWriter progress, FileInfo? json)
{
    private readonly Lock _lock = new();

    /// <summary>Runs them, as many at a time as said; the exit code is that of the command.</summary>
    /// <param name="runs">What to run.</param>
    /// <param name="command">How the command was called.</param>
    /// <param name="jobs">How many at a time.</param>
    /// <param name="drawsEach">Whether each ladder is shown, or only the table.</param>
    /// <param name="cancellation">Ends what runs; everything is taken away.</param>
    public async Task<int> ShowAsync(IReadOnlyList<(LabRow Row, LabSettings Settings)> runs, string command, int jobs, bool drawsEach, CancellationToken cancellation)
    {
        IReadOnlyList<string> missing = [.. runs.SelectMany(run => LabRequirements.Missing(run.Row, run.Settings, command)).Distinct()];
        if (missing.Count > 0)
        {
            foreach (string line in missing)
            {
                progress.WriteLine($"isthmus: {line}");
            }

            return ExitCodes.Failed;
        }

        var results = new LabResult?[runs.Count];
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, runs.Count),
                new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation },
                async (i, ended) => results[i] = await RunAsync(runs[i].Row, runs[i].Settings, drawsEach, ended));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Say("lab: interrupted; everything is taken away");
            return ExitCodes.Failed;
        }

        return Conclude([.. results.OfType<LabResult>()]);
    }

    private async ValueTask<LabResult> RunAsync(LabRow row, LabSettings settings, bool drawsEach, CancellationToken cancellation)
    {
        string name = $"FIG. {row.Name}, network {settings.Network?.Name}, {settings.CallerTransport.UriToken}";
        LabResult result = await LabRun.RunAsync(row, settings, line => Say(drawsEach ? $"lab: {line}" : $"lab: {name}: {line}"), TimeProvider.System, cancellation);
        if (!drawsEach)
        {
            Say($"lab: {name} {(result.IsGood ? "is as described" : $"is NOT as described: {result.Problems[0]}")}");
            return result;
        }

        lock (_lock)
        {
            output.WriteLine();
            output.WriteLine(LabText.Page(result));
            output.WriteLine($"        {settings.Output}: ladder.txt, ladder.svg, capture.pcap");
        }

        return result;
    }

    private int Conclude(IReadOnlyList<LabResult> results)
    {
        output.WriteLine();
        output.WriteLine(LabText.Table(results));
        return TryKeep(results) && results.All(result => result.IsGood) ? ExitCodes.Good : ExitCodes.Failed;
    }

    private bool TryKeep(IReadOnlyList<LabResult> results)
    {
        try
        {
            if (json is not null)
            {
                using FileStream file = json.Create();
                LabJson.Write(file, results);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Say($"isthmus: --json: {exception.Message}");
            return false;
        }
    }

    private void Say(string line)
    {
        lock (_lock)
        {
            progress.WriteLine(line);
        }
    }
}
