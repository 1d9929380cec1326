// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Isthmus.Load;

/// <summary>Measures rows of the table.</summary>
internal static class RowCommand
{
    public static Command Create(IReadOnlyList<Row> rows, string name, string description)
    {
        var options = new MeasuringOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(Failures.Report(() => Measure(rows, options.Read(parsed), stop))));
        return command;
    }

    private static int Measure(IReadOnlyList<Row> rows, Measuring measuring, CancellationToken stop)
    {
        Processors.Pin(measuring.GeneratorProcessor);
        Processors.Prioritise(measuring.Niceness);
        var progress = new ErrorProgress();
        var comparisons = new List<Comparison>();
        foreach (Row row in rows)
        {
            using ServerGroup servers = ServerGroup.Start(measuring);
            comparisons.Add(new Alternation(measuring.Pairs, progress).Run(row, measuring.Traffic, servers.All, stop));
        }

        return Reports.Write(comparisons, measuring);
    }
}
