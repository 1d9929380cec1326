// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>What bindings take: the proportional set size of all processes of a server, empty and with many.</summary>
internal static class MemoryCommand
{
    private const int InFlight = 64;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var options = new MeasuringOptions { IsWholeTable = true };
        var bindings = new Option<int[]>("--bindings") { Description = "how many, in rising order", DefaultValueFactory = _ => [100_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
        var refreshes = new Option<int>("--refreshes") { Description = "how often all are refreshed at the end", DefaultValueFactory = _ => 2 };
        var durable = new Option<bool>("--durable") { Description = "our server keeps them in a file" };
        var command = new Command("memory", "Memory per binding: proportional set size of all processes of each server with 0, 100,000 and 1,000,000 bindings, and after refreshes.") { bindings, refreshes, durable };
        options.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(Failures.Report(() =>
            Measure(options.Read(parsed), parsed.GetValue(bindings)!, parsed.GetValue(refreshes), parsed.GetValue(durable), stop))));
        return command;
    }

    private static int Measure(Measuring measuring, int[] steps, int refreshes, bool isDurable, CancellationToken stop)
    {
        measuring.Prepare();
        using ServerGroup servers = ServerGroup.Start(measuring, isTcp: false, isDurable);
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 200;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("server", "bindings", "MB", "kB per binding since the line above");
        foreach (ServerUnderTest server in servers.All)
        {
            foreach (MemoryStep step in Steps(server, steps, refreshes, stop))
            {
                table.AddRow(server.Name, step.Title, $"{step.Bytes / 1e6:0.0}", step.PerBinding is { } each ? $"{each / 1e3:0.00}" : "");
            }
        }

        AnsiConsole.Write(table);
        return Failures.Good;
    }

    private static IEnumerable<MemoryStep> Steps(ServerUnderTest server, int[] steps, int refreshes, CancellationToken stop)
    {
        var progress = new ErrorProgress();
        var traffic = new TrafficOptions { Users = steps[^1] };
        using Traffic phones = Traffic.Open(server, traffic, Row.All[0].Create, isForwarded: false);
        MemoryStep last = Look(server, "0", 0, null, stop);
        yield return last;
        int registered = 0;
        foreach (int step in steps)
        {
            Register(phones, server, step - registered, stop);
            registered = step;
            last = Look(server, $"{step:#,0}", step, last, stop);
            progress.Report($"{server.Name}: {step:#,0} bindings, {last.Bytes / 1e6:0.0} MB");
            yield return last;
        }

        for (int i = 1; i <= refreshes; i++)
        {
            Register(phones, server, registered, stop);
            yield return Look(server, $"{registered:#,0}, refreshed {i} times", registered, null, stop);
        }
    }

    private static void Register(Traffic phones, ServerUnderTest server, int count, CancellationToken stop)
    {
        LoadResult result = phones.Run(new Pace { InFlight = InFlight, MostCalls = count }, stop);
        stop.ThrowIfCancellationRequested();
        if (!result.IsGood)
        {
            throw new LoadException($"{server.Name}: {result.Faults}");
        }
    }

    private static MemoryStep Look(ServerUnderTest server, string title, int bindings, MemoryStep? before, CancellationToken stop)
    {
        stop.WaitHandle.WaitOne(Settling);
        long bytes = server.Memory;
        return new MemoryStep(title, bindings, bytes, before is null ? null : (double)(bytes - before.Bytes) / (bindings - before.Bindings));
    }

    private sealed record MemoryStep(string Title, int Bindings, long Bytes, double? PerBinding);
}
