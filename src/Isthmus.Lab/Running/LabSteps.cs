// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Lets the terminals of a figure that is no call do what its steps say. What it led to is seen in the captured packets.</summary>
internal sealed class LabSteps(Figure figure, LabStage stage, Watch watch, Action<string> progress)
{
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromMilliseconds(800);

    /// <summary>Whom a step is about: by the terminal's own domain, or by that of the server that keeps its presence.</summary>
    public static string UriOf(FigureStep step, Figure figure, NetworkPlan plan) =>
        IsForServer(step, figure) ? $"sip:{step.List ?? step.Whom.User}@{plan.DomainOf(figure.PresenceServer!)!.Name}" : plan.AddressOfRecord(step.Whom);

    /// <summary>Whether a server answers it, and not a terminal.</summary>
    public static bool IsForServer(FigureStep step, Figure figure) => figure.PresenceServer is not null && step.Does != SipMethod.Message;

    /// <summary>Does them. What stopped it is returned, a line each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(ITerminalProgram caller, ITerminalProgram callee, CancellationToken cancellation)
    {
        var faults = new List<string>();
        FigureStep? watches = null;
        foreach (FigureStep step in figure.Steps)
        {
            if (watches is not null && !ProgramOf(step).ChangesWhatItPublishes)
            {
                continue;
            }

            string uri = UriOf(step, figure, stage.Plan);
            int before = watches is null ? 0 : watch.Notifications(watches.Who);
            progress($"{step.Who.Name} sends {step.Does.Name} for {uri}");
            await DoAsync(step, program => program.SendAsync(step.Does, uri, cancellation));
            if (step.Does == SipMethod.Subscribe)
            {
                watches = step;
                await stage.UntilAsync(() => watch.IsCarried, cancellation, SeenWithin);
            }
            else if (watches is not null && !await stage.UntilAsync(() => watch.Notifications(watches.Who) > before, cancellation, SeenWithin))
            {
                faults.Add($"{watches.Who.Name} was not told what {step.Who.Name} said with {step.Does.Name}");
            }
        }

        if (figure.CalleeComesLater)
        {
            await stage.UntilAsync(() => figure.Steps.All(watch.IsAnswered), cancellation, SeenWithin);
            progress($"{figure.Callee.Name} comes");
            await callee.StartAsync(cancellation);
        }

        await stage.UntilAsync(() => watch.IsCarried, cancellation, SeenWithin);
        if (watches is not null)
        {
            progress($"{watches.Who.Name} ends its subscription");
            await DoAsync(watches, program => program.EndAsync(cancellation));
        }

        await stage.WaitAsync(QuietAfter, cancellation);
        return faults;

        async Task DoAsync(FigureStep step, Func<ITerminalProgram, Task<string?>> what)
        {
            if (await what(ProgramOf(step)) is { } fault)
            {
                faults.Add($"{step.Who.Name}: {fault}");
            }
        }

        ITerminalProgram ProgramOf(FigureStep step) => step.Who == figure.Caller ? caller : callee;
    }
}
