// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Isthmus.Load;

/// <summary>Where our server's time goes: a flame graph of one row.</summary>
internal static class ProfileCommand
{
    private const int ShownFrames = 30;

    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["DOTNET_PerfMapEnabled"] = "1",
        ["DOTNET_EnableWriteXorExecute"] = "0", // else code lies in a file, and perf asks nobody for its names
        ["DOTNET_ReadyToRun"] = "0", // precompiled code has no names for perf
    };

    public static Command Create()
    {
        var options = new MeasuringOptions();
        var row = new Argument<string>("ROW") { Description = "which one" }.AcceptOnlyFromAmong([.. Row.All.Select(one => one.Name)]);
        var svg = new Option<string>("--svg") { Description = "the file to write", DefaultValueFactory = _ => "flamegraph.svg" };
        var command = new Command("profile", "Run our server under perf and draw a flame graph of one row; prints the functions that take most by themselves.") { row, svg };
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
            Task.FromResult(Failures.Report(() => Profile(options.Read(parsed), Row.All.Single(one => one.Name == parsed.GetValue(row)), parsed.GetValue(svg)!, stop))));
        return command;
    }

    private static int Profile(Measuring measuring, Row row, string file, CancellationToken stop)
    {
        measuring.Prepare();
        var progress = new ErrorProgress();
        using ServerGroup servers = ServerGroup.Start(measuring with { Servers = ServerChoice.Ours, Environment = Symbols, WithPresence = row.IsPresence }, measuring.Traffic.IsTcp, measuring.IsDurable);
        using Traffic phones = Traffic.Open(servers.All[0], measuring.Traffic, row.Create, row.IsForwarded, stop, row.Introduce);
        progress.Report("warms up");
        phones.WarmUp(measuring.Traffic, stop);
        progress.Report("records");
        using var recording = new PerfRecording(servers.All[0].ProcessId);
        LoadResult result = phones.Run(measuring.Traffic.Pace, stop);
        progress.Report("draws");
        IReadOnlyDictionary<string, long> stacks = recording.Finish().Stacks;
        File.WriteAllText(file, FlameGraph.Draw($"{row.Title}: {result.Rate:0} calls/s, {stacks.Values.Sum()} samples", stacks));
        ShowTop(stacks);
        Console.WriteLine($"flame graph: {Path.GetFullPath(file)}");
        if (!result.IsGood)
        {
            Console.Error.WriteLine($"load: {result.Faults}");
        }

        return result.IsGood ? Failures.Good : Failures.Failed;
    }

    private static void ShowTop(IReadOnlyDictionary<string, long> stacks)
    {
        double all = stacks.Values.Sum();
        var top = stacks.GroupBy(pair => pair.Key[(pair.Key.LastIndexOf(';') + 1)..], pair => pair.Value).Select(group => (Name: group.Key, Count: group.Sum()));
        foreach ((string name, long count) in top.OrderByDescending(frame => frame.Count).Take(ShownFrames))
        {
            Console.WriteLine($"{100 * count / all,6:0.0} %  {name}");
        }
    }
}
