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
        List(),
    };

    private static Command OneFigure()
    {
        var name = new Argument<string>("FIGURE") { Description = "3 to 8 as in docs/figures.md, or another name from 'lab list'; a family such as E4-a or bye runs all of it" };
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
        command.SetAction((parsed, cancellation) => arguments.Stage(parsed).ShowAsync(
            [.. LabTable.Find(parsed.GetValue(name)!).Select(row => arguments.Run(parsed, row, LabTable.Find(parsed.GetValue(name)!).Count > 1))], isAll: false, cancellation));
        return command;
    }

    private static Command All()
    {
        var arguments = new LabArguments();
        var command = new Command("all", "Run every figure in each of its networks over UDP and over TCP, and print the table of results. Exit code 0 when all are as described.");
        arguments.AddTo(command);
        command.SetAction((parsed, cancellation) => arguments.Stage(parsed).ShowAsync([.. LabTable.All.SelectMany(row => arguments.Runs(parsed, row))], isAll: true, cancellation));
        return command;
    }

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
