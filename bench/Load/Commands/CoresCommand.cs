// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;

namespace Isthmus.Load;

/// <summary>What a second processor brings: our server on one and on two, by turns, with the same calls.</summary>
internal static class CoresCommand
{
    private const int LeastInFlight = 256; // so that both threads find full batches

    public static Command Create()
    {
        var options = new MeasuringOptions();
        var row = new Argument<string>("ROW") { Description = "which one", DefaultValueFactory = _ => "w3" }.AcceptOnlyFromAmong([.. Row.All.Select(one => one.Name)]);
        var command = new Command("cores", "What a call costs our server on one processor and on two, and how the threads share the work: by how much the greatest rate grows. The generator goes where there is room.") { row };
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
            Task.FromResult(Failures.Report(() => Measure(options.Read(parsed), Row.All.Single(one => one.Name == parsed.GetValue(row)), stop))));
        return command;
    }

    private static int Measure(Measuring measuring, Row row, CancellationToken stop)
    {
        if (Environment.ProcessorCount < 2)
        {
            throw new LoadException("This machine has one processor");
        }

        Processors.Prioritise(measuring.Niceness);
        var traffic = measuring.Traffic with { InFlight = Math.Max(measuring.Traffic.InFlight, LeastInFlight) };
        using ServerGroup servers = ServerGroup.StartOnOneAndTwo(measuring with { WithPresence = row.IsPresence });
        var scaling = new Scaling(new Alternation(measuring.Pairs, new ErrorProgress()).Run(new Measurement(row, traffic, measuring.IsDurable), servers.All, stop));
        Comparison[] comparisons = [scaling.Comparison];
        string note = Describe(scaling);
        Reports.Save(comparisons, measuring.Folder, note);
        return Reports.Show(comparisons, note);
    }

    private static string Describe(Scaling scaling) => string.Create(
        CultureInfo.InvariantCulture,
        $"The greatest rate on two processors is {scaling.Growth.Median:0.00} times that on one ({scaling.Growth.Least:0.00} to {scaling.Growth.Most:0.00}); the busiest thread has {scaling.Share.Median:0 %} of the work ({scaling.Share.Least:0 %} to {scaling.Share.Most:0 %}).");
}
