// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Isthmus.Load;

/// <summary>Minutes of mixed traffic below capacity: memory must stay flat, and no call may fail.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var options = new MeasuringOptions();
        var minutes = new Option<int>("--minutes") { Description = "how long", DefaultValueFactory = _ => 30 };
        var share = new Option<double>("--share") { Description = "the rate as a share of what the server can do, where there is no --rate", DefaultValueFactory = _ => 0.7 };
        var command = new Command("soak", "Minutes of registrations, messages and calls mixed, at 70 % of capacity: memory, failures and response times each minute. Use --users 100000.") { minutes, share };
        options.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(Failures.Report(() => Soak(options.Read(parsed), parsed.GetValue(minutes), parsed.GetValue(share), stop))));
        return command;
    }

    private static int Soak(Measuring measuring, int minutes, double share, CancellationToken stop)
    {
        measuring.Prepare();
        var progress = new ErrorProgress();
        using ServerGroup servers = ServerGroup.Start(measuring with { Servers = measuring.Servers == ServerChoice.Both ? ServerChoice.Ours : measuring.Servers }, measuring.Traffic.IsTcp, measuring.IsDurable);
        ServerUnderTest server = servers.All[0];
        progress.Report($"{server.Name}: {measuring.Traffic.Users:#,0} phones register");
        using Traffic phones = Traffic.Open(server, measuring.Traffic, at => new Mixed(at), isForwarded: true, stop);
        double rate = measuring.Traffic.Rate ?? share * Capacity(phones, measuring.Traffic, progress, stop);
        Console.WriteLine($"| minute | memory, MB | calls | calls/s | failed | repeated | p50 ms | p99 ms | longest ms | processor | collections, longest pause | machine away ms |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        long failed = 0;
        var traffic = measuring.Traffic with { Rate = rate, Turn = TimeSpan.FromMinutes(1), MostCalls = long.MaxValue };
        for (int minute = 1; minute <= minutes; minute++)
        {
            ServerFigures before = server.Look();
            LoadResult result = phones.Run(traffic.Pace, stop);
            Turn turn = server.Look().Of(result, before);
            failed += result.Failed + result.NotBegun + result.MissingAcks;
            Console.WriteLine(
                $"| {minute} | {server.Memory / 1e6:0.0} | {result.Completed} | {result.Rate:0} | {result.Failed + result.NotBegun} | {result.Repeated} | {result.Times.Quantile(0.5) / 1e6:0.00} | {result.Times.Quantile(0.99) / 1e6:0.00} | {result.Times.Longest / 1e6:0.0} | {turn.Processor / result.Elapsed:0 %} | {turn.Garbage?.ToString() ?? "–"} | {result.LongestPause.TotalMilliseconds:0.0} |");
            if (!result.IsGood)
            {
                progress.Report(result.Faults);
            }
        }

        return failed == 0 ? Failures.Good : Failures.Failed;
    }

    private static double Capacity(Traffic phones, TrafficOptions traffic, IProgress<string> progress, CancellationToken stop)
    {
        Pace pace = traffic.Pace;
        phones.WarmUp(traffic, stop);
        double rate = Enumerable.Range(0, 3).Max(_ => phones.Run(pace, stop).Rate);
        progress.Report($"capacity: {rate:0} calls/s");
        return rate;
    }
}
