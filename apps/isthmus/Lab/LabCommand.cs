// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Lab;

namespace Isthmus.App.Lab;

/// <summary>`isthmus lab`: the figures on hosts of their own, in network namespaces, drawn from captured packets.</summary>
internal static class LabCommand
{
    public static Command Create() => new("lab", "The figures on hosts of their own: builds the networks in namespaces (as root), runs our programs in them, captures every packet, and draws and judges what was captured.")
    {
        OneFigure(),
        All(),
        FailoverCommand.Create(),
        BesideCommand.Create(),
        List(),
    };

    private static Command OneFigure()
    {
        var name = new Argument<string>("FIGURE") { Description = "3 to 8 and 13 to 20 as in docs/figures.md, or another name from 'lab list'; a family such as E4-a or bye runs all of it" };
        name.Validators.Add(result =>
        {
            if (LabTable.Find(result.GetValueOrDefault<string>() ?? "").Count == 0)
            {
                result.AddError($"there is no figure '{result.GetValueOrDefault<string>()}' here; expected {string.Join(", ", LabTable.All.Select(row => row.Name))}");
            }
        });
        var arguments = new LabArguments();
        var command = new Command("figure", "Run one figure and draw its ladder. Exit code 0 when everything captured is as the figure says.") { name };
        arguments.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<LabRow> rows = LabTable.Find(parsed.GetValue(name)!);
            return arguments.Show(parsed).ShowAsync([.. rows.Select(row => arguments.Run(parsed, row, rows.Count > 1))], $"./isthmus lab figure {parsed.GetValue(name)}", jobs: 1, drawsEach: true, cancellation);
        });
        return command;
    }

    private static Command All()
    {
        var arguments = new LabArguments();
        var once = new Option<bool>("--once") { Description = "each figure once only, the networks and the transports by turns" };
        var domains = new Option<string?>("--domains") { Description = "only the figures with so many domains: 1 or 2" }.AcceptOnlyFromAmong("1", "2");
        Option<int> jobs = NumberOption.Jobs("figures");
        var command = new Command("all", "Run every figure in each of its networks over UDP and over TCP, and print the table of results. Exit code 0 when all are as described.") { once, domains, jobs };
        arguments.AddTo(command);
        command.SetAction((parsed, cancellation) => arguments.Show(parsed).ShowAsync(
            [.. LabTable.All.Where(row => parsed.GetValue(domains) is not { } count || row.Figure.Servers.Count == (count == "1" ? 1 : 2)).SelectMany((row, i) => Chosen([.. arguments.Runs(parsed, row)], i, parsed.GetValue(once)))],
            "./isthmus lab all",
            parsed.GetValue(jobs),
            drawsEach: false,
            cancellation));
        return command;
    }

    // A row further down the table takes the next of its runs, so that all networks and transports have their turn.
    private static IEnumerable<(LabRow Row, LabSettings Settings)> Chosen(IReadOnlyList<(LabRow Row, LabSettings Settings)> runs, int turn, bool once) =>
        once && runs.Count > 1 ? [runs[turn % runs.Count]] : runs;

    private static Command List()
    {
        var command = new Command("list", "List the figures, with the networks and the judge's methods in which they are to be seen.");
        command.SetAction(_ =>
        {
            foreach (LabRow row in LabTable.All)
            {
                Console.WriteLine($"{row.Name,-6} {row.Title} [network {string.Join(", ", row.Networks.Select(network => network.Name))}; {string.Join(", ", row.Figure.Methods.Select(method => method.ToString().ToLowerInvariant()))}]");
            }
        });
        return command;
    }
}
