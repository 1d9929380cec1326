// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.App.Demo;

/// <summary>`isthmus demo`: a server and two phones in one command, and the call between them drawn as it happens.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var figure = new Option<string>("--figure", "-f") { Description = "which call: 3 to 8 as in docs/figures.md, another name from --list, or all", DefaultValueFactory = _ => "3" };
        var method = new Option<string?>("--method") { Description = "the judge's method: auto, arrival, session or carry (default: the one that the figure describes)" };
        method.AcceptOnlyFromAmong("auto", "arrival", "session", "carry");
        var caller = TransportOption("--caller-transport", "transport of the calling phone");
        var callee = TransportOption("--callee-transport", "transport of the called phone");
        var list = new Option<bool>("--list") { Description = "list the figures" };
        figure.Validators.Add(Known);
        var command = new Command("demo", "Start a server and two phones on 127.0.0.1 and ::1, make a call with sound, and draw it. Exit code 0 when both heard each other on the expected IP version.")
        {
            figure, method, caller, callee, list,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var stage = new DemoStage(Console.Out);
            if (parsed.GetValue(list))
            {
                stage.List(FigureTable.All);
                return ExitCodes.Good;
            }

            string name = parsed.GetValue(figure)!;
            JudgeMethod? judge = parsed.GetValue(method) is { } text ? Enum.Parse<JudgeMethod>(text, ignoreCase: true) : null;
            IReadOnlyList<Figure> figures = IsAll(name) ? [.. FigureTable.All.Where(one => judge is null || one.Methods.Contains(judge.Value))] : [FigureTable.Find(name)!];
            var settings = new FigureSettings { Method = judge, CallerTransport = Transport(parsed.GetValue(caller)!), CalleeTransport = Transport(parsed.GetValue(callee)!) };
            bool good = await stage.ShowAsync(figures, settings, cancellation);
            return good ? ExitCodes.Good : ExitCodes.Failed;
        });
        return command;
    }

    private static bool IsAll(string name) => name.Equals("all", StringComparison.OrdinalIgnoreCase);

    private static void Known(OptionResult result)
    {
        string name = result.GetValueOrDefault<string>() ?? "";
        if (!IsAll(name) && FigureTable.Find(name) is null)
        {
            result.AddError($"--figure: there is no figure '{name}' here; expected {string.Join(", ", FigureTable.All.Select(figure => figure.Name))} or all");
        }
    }

    private static SipTransport Transport(string text) => SipTransportOperations.TryParse(text, out SipTransport transport) ? transport : SipTransport.Udp;

    private static Option<string> TransportOption(string name, string description) =>
        new Option<string>(name) { Description = description, DefaultValueFactory = _ => "udp" }.AcceptOnlyFromAmong("udp", "tcp");
}
