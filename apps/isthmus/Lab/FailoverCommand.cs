// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.App.Lab;

/// <summary>`isthmus lab failover`: how long a caller waits when servers of another domain, or a whole IP version on the way to them, are dead.</summary>
internal static class FailoverCommand
{
    public static Command Create()
    {
        var server = new Option<string?>("--s1") { Description = $"only this server: {string.Join(" or ", ServerPrograms.Names)} (default: all that are installed)" }.AcceptOnlyFromAmong([.. ServerPrograms.Names]);
        var transport = new Option<string?>("--transport") { Description = "only udp or tcp (default: both)" }.AcceptOnlyFromAmong("udp", "tcp");
        Option<int> jobs = NumberOption.Jobs("cases");
        var output = new Option<string>("--output", "-o") { Description = "folder for the captures and what the programs said", DefaultValueFactory = _ => Path.Combine("lab-out", "failover") };
        var json = new Option<FileInfo?>("--json") { Description = "file for the results as JSON" };
        var command = new Command("failover", "Measure the time from INVITE to 180 for the first call into another domain and for the next one: normally, with IPv6 or IPv4 black-holed, with its first server silent or refusing. Exit code 0 when our server keeps its promise.")
        {
            server, transport, jobs, output, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<string> servers = parsed.GetValue(server) is { } one ? [one] : [.. ServerPrograms.Names.Where(name => ServerPrograms.Missing(name) is null)];
            IReadOnlyList<FailoverCase> cases = [.. FailoverCase.All(servers).Where(one => parsed.GetValue(transport) is not { } chosen || one.Transport.UriToken == chosen)];
            return RunAsync(cases, parsed.GetValue(jobs), parsed.GetValue(output)!, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<FailoverCase> cases, int jobs, string output, FileInfo? json, CancellationToken cancellation)
    {
        IReadOnlyList<string> missing = LabRequirements.Missing(cases, "./isthmus lab failover");
        if (missing.Count > 0)
        {
            foreach (string line in missing)
            {
                await Console.Error.WriteLineAsync($"isthmus: {line}");
            }

            return ExitCodes.Failed;
        }

        var results = new FailoverResult[cases.Count];
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, cases.Count),
                new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation },
                async (i, ended) =>
                {
                    var settings = new LabSettings { Isthmus = LabArguments.ThisProgram(), Output = Path.Combine(output, cases[i].Name), Patience = TimeSpan.FromSeconds(40) };
                    results[i] = await FailoverRun.RunAsync(cases[i], settings, line => Console.Error.WriteLine($"lab: {line}"), TimeProvider.System, ended);
                });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("lab: interrupted; everything is taken away");
            return ExitCodes.Failed;
        }

        Console.WriteLine(FailoverReport.Table(results));
        if (json is not null)
        {
            using FileStream file = json.Create();
            FailoverReport.Write(file, results);
        }

        return results.All(result => FailoverReport.Problems(result, results).Count == 0) ? ExitCodes.Good : ExitCodes.Failed;
    }
}
