// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Isthmus.Load;

/// <summary>Measures rows of the table.</summary>
internal static class RowCommand
{
    /// <summary>One row, as the options say.</summary>
    public static Command One(Row row) => Create(row.Name, row.Title, new MeasuringOptions(), measuring => [new Measurement(row, measuring.Traffic, measuring.IsDurable)]);

    /// <summary>The whole table.</summary>
    public static Command All() => Create(
        "all",
        "All rows, one after the other: IPv4, IPv6 to IPv4, TCP; W1 with 10,000 and 100,000 users, in memory and durable. Memory is `memory`; W2R waits for authentication.",
        new MeasuringOptions { IsWholeTable = true },
        measuring => Measurement.Table(measuring.Traffic));

    private static Command Create(string name, string description, MeasuringOptions options, Func<Measuring, IReadOnlyList<Measurement>> plan)
    {
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            Measuring measuring = options.Read(parsed);
            return Task.FromResult(Failures.Report(() => Measure(plan(measuring), measuring, options.IsWholeTable ? Measurement.LeftOut : "", stop)));
        });
        return command;
    }

    private static int Measure(IReadOnlyList<Measurement> plan, Measuring measuring, string note, CancellationToken stop)
    {
        measuring.Prepare();
        var progress = new ErrorProgress();
        var comparisons = new List<Comparison>();
        foreach (Measurement measurement in plan)
        {
            using ServerGroup servers = ServerGroup.Start(measuring with { WithPresence = measurement.Row.IsPresence }, measurement.Traffic.IsTcp, measurement.IsDurable);
            comparisons.Add(new Alternation(measuring.Pairs, progress).Run(measurement, servers.All, stop));
            Reports.Save(comparisons, measuring.Folder, note); // a long run that is interrupted leaves what it has
        }

        return Reports.Show(comparisons, note);
    }
}
