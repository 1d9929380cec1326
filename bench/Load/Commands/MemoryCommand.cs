// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Spectre.Console;

namespace Isthmus.Load;

/// <summary>What bindings, or subscriptions, take: the proportional set size of all processes of a server, empty and with many.</summary>
internal static class MemoryCommand
{
    private const int InFlight = 64;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var options = new MeasuringOptions { IsWholeTable = true };
        var subscriptions = new Option<bool>("--subscriptions") { Description = "not bindings but subscriptions to presence, each user's of one in ten users" };
        var bindings = new Option<int[]>("--bindings") { Description = "how many, in rising order", DefaultValueFactory = _ => [100_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
        var refreshes = new Option<int>("--refreshes") { Description = "how often all are refreshed at the end; subscriptions are not", DefaultValueFactory = _ => 2 };
        var durable = new Option<bool>("--durable") { Description = "our server keeps them in a file" };
        var command = new Command("memory", "Memory per binding, or per subscription: proportional set size of all processes of each server with 0, 100,000 and 1,000,000 of them, and after refreshes.") { bindings, refreshes, durable, subscriptions };
        bindings.Validators.Add(result =>
        {
            int[] steps = result.GetValueOrDefault<int[]>();
            if (steps is [] || steps[0] < 1 || steps.Zip(steps.Skip(1)).Any(pair => pair.Second <= pair.First))
            {
                result.AddError("--bindings: expected numbers in rising order");
            }
        });
        options.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(Failures.Report(() =>
            Measure(options.Read(parsed), parsed.GetValue(bindings)!, parsed.GetValue(subscriptions) ? 0 : parsed.GetValue(refreshes), parsed.GetValue(durable), parsed.GetValue(subscriptions), stop))));
        return command;
    }

    private static int Measure(Measuring measuring, int[] counts, int refreshes, bool isDurable, bool areSubscriptions, CancellationToken stop)
    {
        measuring.Prepare();
        var progress = new ErrorProgress();
        var steps = new List<MemoryStep>();
        using ServerGroup servers = ServerGroup.Start(measuring with { WithPresence = areSubscriptions }, isTcp: false, isDurable);
        foreach (ServerUnderTest server in servers.All)
        {
            foreach (MemoryStep step in Steps(server, counts, refreshes, areSubscriptions, stop))
            {
                progress.Report($"{server.Name}: {step.State}, {step.Bytes / 1e6:0.0} MB");
                steps.Add(step);
            }
        }

        Show(steps);
        if (measuring.Folder is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "memory.md"), MemoryReport.Markdown(steps));
            File.WriteAllText(Path.Combine(folder, "memory.json"), MemoryReport.Json(steps));
        }

        return Failures.Good;
    }

    private static void Show(List<MemoryStep> steps)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 200; // a pipe has no width: nothing is cut
        }

        Table table = new Table().Border(TableBorder.Simple).AddColumns([.. MemoryReport.Columns]);
        steps.ForEach(step => table.AddRow([.. MemoryReport.Cells(step).Select(Markup.Escape)]));
        AnsiConsole.Write(table);
    }

    private static IEnumerable<MemoryStep> Steps(ServerUnderTest server, int[] counts, int refreshes, bool areSubscriptions, CancellationToken stop)
    {
        var traffic = new TrafficOptions { Users = counts[^1] };
        using Traffic phones = Traffic.Open(server, traffic, areSubscriptions ? StateChange.Subscriptions : Row.All[0].Create, areSubscriptions, stop);
        RuntimeFigures? runtime = server.Look().Runtime;
        MemoryStep last = Look(server, 0, null, ref runtime, stop);
        yield return last;
        foreach (int count in counts)
        {
            Register(phones, server, count - last.Bindings, stop);
            yield return last = Look(server, count, last, ref runtime, stop);
        }

        for (int i = 1; i <= refreshes; i++)
        {
            Register(phones, server, last.Bindings, stop);
            yield return Look(server, last.Bindings, last, ref runtime, stop) with { State = $"{last.Bindings:#,0}, refreshed {i} times" };
        }
    }

    private static void Register(Traffic phones, ServerUnderTest server, int count, CancellationToken stop)
    {
        LoadResult result = phones.Run(new Pace { InFlight = InFlight, MostCalls = count }, stop);
        if (!result.IsGood)
        {
            throw new LoadException($"{server.Name}: {result.Faults}");
        }
    }

    private static MemoryStep Look(ServerUnderTest server, int bindings, MemoryStep? before, ref RuntimeFigures? runtime, CancellationToken stop)
    {
        stop.WaitHandle.WaitOne(Settling);
        stop.ThrowIfCancellationRequested();
        long bytes = server.Memory; // before the question, which takes some itself
        (RuntimeFigures? last, runtime) = (runtime, server.Look().Runtime);
        return MemoryStep.After(server.Name, bindings, bytes, before) with { Garbage = last is null ? null : runtime?.Since(last) };
    }
}
