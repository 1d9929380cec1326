// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Starts the programs of a row, makes the call and ends it. How far it is, it sees in the captured packets.</summary>
internal sealed class LabCall(LabRow row, LabStage stage, Watch watch, Action<string> progress)
{
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromMilliseconds(800);

    private bool Talks => row.Ending is FigureEnding.CallerHangsUp or FigureEnding.CalleeHangsUp;

    /// <summary>Makes the call. What stopped it is returned, a line each; what it looked like is for others to judge.</summary>
    public static async Task<IReadOnlyList<string>> MakeAsync(LabRow row, JudgeMethod method, LabStage stage, Captures captures, Action<string> progress, CancellationToken cancellation)
    {
        using var watch = new Watch(row.Figure, stage.Plan, captures);
        var running = new List<IAsyncDisposable>();
        try
        {
            IReadOnlyList<string> faults = await new LabCall(row, stage, watch, progress).RunAsync(method, running, cancellation);
            if (row.Figure.Steps.Count > 0)
            {
                captures.Dispose(); // what programs say when they are ended, and to whom that has ended already, is no part of it
            }

            return faults;
        }
        finally
        {
            for (int i = running.Count - 1; i >= 0; i--)
            {
                await running[i].DisposeAsync();
            }
        }
    }

    private async Task<IReadOnlyList<string>> RunAsync(JudgeMethod method, List<IAsyncDisposable> running, CancellationToken cancellation)
    {
        foreach (LabDomain domain in stage.Plan.Network.Domains.Where(domain => domain.NameServer is not null))
        {
            // A domain prefers the transport that its terminal uses.
            var names = new KnotServer(stage, domain, domain == stage.Plan.HomeOf(row.Figure.Caller) ? stage.Settings.CallerTransport : stage.Settings.CalleeTransport);
            running.Add(names);
            progress($"{domain.NameServer}: the DNS server of {domain.Name}");
            await names.StartAsync(cancellation);
        }

        foreach (LabDomain domain in stage.Plan.Network.Domains)
        {
            bool? servesPresence = row.Figure.PresenceServer == domain.Server ? true : row.Figure is { Requests.Count: > 0, PresenceServer: null } ? false : null;
            ServerProgram server = ServerPrograms.Create(stage.Settings.ProgramOf(domain.Server), stage, domain, domain.Server, method, servesPresence);
            running.Add(server);
            progress($"{domain.Server}: {server.Title}");
            await server.StartAsync(cancellation);
        }

        Figure figure = row.Figure;
        if (figure.CalleeComesLater && !await ComesAndGoesAsync(figure.Callee, cancellation))
        {
            return [$"{figure.Callee.Name} did not register; see {stage.LogOf(figure.Callee.Name)}"];
        }

        ITerminalProgram callee = Add(figure.Callee, LabCheck.CalleeTone, running), caller = Add(figure.Caller, LabCheck.CallerTone, running);
        foreach ((ITerminalProgram program, Terminal terminal) in new[] { (callee, figure.Callee), (caller, figure.Caller) }.Skip(figure.CalleeComesLater ? 1 : 0))
        {
            await program.StartAsync(cancellation);
            if (program.RegistersAtStart && !await stage.UntilAsync(() => program.HasEnded || watch.IsRegistered(terminal, program.RegistersOn), cancellation))
            {
                return [$"{terminal.Name} did not register; see {stage.LogOf(terminal.Name)}"];
            }
        }

        if (figure.Steps.Count > 0)
        {
            return await new LabSteps(figure, stage, watch, progress).RunAsync(caller, callee, cancellation);
        }

        progress($"{figure.Caller.Name} calls {figure.Callee.Name}");
        await caller.CallAsync(stage.Plan.AddressOfRecord(figure.Callee), cancellation);
        IReadOnlyList<string> faults = Talks ? await TalkAsync(caller, callee, cancellation) : await RefuseAsync(caller, callee, cancellation);
        await stage.WaitAsync(QuietAfter, cancellation);
        return faults;
    }

    // Whoever has never been there is nobody to the server.
    private async Task<bool> ComesAndGoesAsync(Terminal terminal, CancellationToken cancellation)
    {
        var running = new List<IAsyncDisposable>();
        await using ITerminalProgram program = Add(terminal, LabCheck.CalleeTone, running);
        await program.StartAsync(cancellation);
        return await stage.UntilAsync(() => program.HasEnded || watch.IsRegistered(terminal, program.RegistersOn), cancellation) && !program.HasEnded;
    }

    private ITerminalProgram Add(Terminal terminal, double tone, List<IAsyncDisposable> running)
    {
        string name = stage.Settings.ProgramOf(terminal.Name);
        var role = new TerminalRole(terminal, stage.Settings.TransportOf(row.Figure, terminal), tone, terminal == row.Figure.Callee, Talks)
        {
            Steps = [.. row.Figure.Steps.Where(step => step.Who == terminal).Select(step => (step.Does, LabSteps.UriOf(step, row.Figure, stage.Plan)))],
            Listed = row.Figure.Steps.Where(step => step.Who == terminal && step.List is not null).Select(step => stage.Plan.AddressOfRecord(step.Whom)).FirstOrDefault(),
            Answering = [.. row.Figure.Steps.Where(step => step.Whom == terminal && step.Who != terminal && !LabSteps.IsForServer(step, row.Figure)).Select(step => (step.Does, stage.Plan.AddressOfRecord(step.Who)))],
        };
        ITerminalProgram program = TerminalPrograms.Create(name, stage, role);
        running.Add(program);
        progress($"{terminal.Name}: {name}, {role.Transport.UriToken}");
        return program;
    }

    private async Task<IReadOnlyList<string>> TalkAsync(ITerminalProgram caller, ITerminalProgram callee, CancellationToken cancellation)
    {
        bool decided;
        do
        {
            decided = await stage.UntilAsync(() => caller.HasEnded || watch.IsEstablished || watch.IsRefused, cancellation);
        }
        while (decided && !watch.IsEstablished && !caller.HasEnded && await CallsAgainAsync(caller, cancellation));

        if (!watch.IsEstablished)
        {
            await caller.HangUpAsync();
            return decided ? [] : ["the call was neither answered nor refused"];
        }

        await stage.UntilAsync(() => watch.MediaBothWays >= stage.Settings.EnoughMedia, cancellation, stage.Settings.TalkAtMost);
        await (row.Ending == FigureEnding.CalleeHangsUp ? callee : caller).HangUpAsync();
        await stage.UntilAsync(() => watch.IsEnded, cancellation, EndWithin);
        return [];
    }

    // A caller that was refused may call again by the other version, as the figures describe it.
    private Task<bool> CallsAgainAsync(ITerminalProgram caller, CancellationToken cancellation) =>
        stage.UntilAsync(() => caller.HasEnded || watch.IsEstablished || !watch.IsRefused, cancellation, RefusedFor);

    private async Task<IReadOnlyList<string>> RefuseAsync(ITerminalProgram caller, ITerminalProgram callee, CancellationToken cancellation)
    {
        if (!await stage.UntilAsync(() => caller.HasEnded || watch.Rings, cancellation) || !watch.Rings)
        {
            return ["it did not ring"];
        }

        await (row.Ending == FigureEnding.CalleeRejects ? callee.RejectAsync() : caller.HangUpAsync());
        await stage.UntilAsync(() => watch.IsRefused, cancellation, EndWithin);
        return [];
    }
}
