// SPDX-License-Identifier: Apache-2.0
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.Figures;

/// <summary>Runs a figure: starts a server and both terminals, registers them, makes the call, ends it, and compares what was seen with the figure.</summary>
public static class FigureRun
{
    private const double CallerTone = 440;
    private const double CalleeTone = 660;
    private const int EnoughWindows = 5; // of a clean tone: some 0.3 s

    /// <summary>Runs it on that ground. What goes wrong is in the result; nothing is left behind.</summary>
    public static async Task<FigureResult> RunAsync(
        Figure figure, FigureSettings settings, IFigureGround ground, ILadderObserver? observer = null, ILoggerFactory? loggers = null, CancellationToken cancellation = default)
    {
        loggers ??= NullLoggerFactory.Instance;
        var nodes = new TappedNodes(new Ladder(ground.Time, observer));
        var check = new FigureCheck(figure, settings, nodes.Ladder);
        await using var server = new FigureServer(ground, nodes, settings.Method ?? figure.Methods[0], loggers);
        if (await server.StartAsync() is { } deaf)
        {
            return check.Failed(deaf);
        }

        await using FigureTerminal caller = Terminal(figure.Caller, settings.CallerTransport, CallerTone);
        await using FigureTerminal callee = Terminal(figure.Callee, settings.CalleeTransport, CalleeTone);
        foreach (FigureTerminal terminal in (FigureTerminal[])[callee, caller])
        {
            if (await terminal.StartAsync(cancellation) is { } fault)
            {
                return check.Failed(fault);
            }
        }

        Task<Call?> ringing = FirstCallAsync(callee.Phone, cancellation);
        Call outgoing = caller.Phone.Dial(FigureServer.AddressOf(figure.Callee));
        using CancellationTokenRegistration interrupted = cancellation.Register(outgoing.HangUp);
        await PlayAsync(outgoing, ringing, caller, callee, check, settings, ground.Time);
        CallResult callerResult = await outgoing.Completion;
        CallResult? calleeResult = ringing.IsCompletedSuccessfully && ringing.Result is { } incoming ? await incoming.Completion : null;
        FigureResult result = check.Finished(callerResult, calleeResult, caller.Heard.Heard, callee.Heard.Heard, CallerTone, CalleeTone);
        IReadOnlyList<string> left = await Leftovers.FindAsync([caller, callee], server, settings.Linger, ground.Time);
        return result with { Problems = [.. result.Problems, .. left] };

        FigureTerminal Terminal(Terminal plan, SipTransport transport, double tone) =>
            new(plan, ground, nodes.NetworkOf(plan.Name, ground.NetworkOf(plan.Name, plan.Has)), server, transport, settings, tone, loggers);
    }

    private static async Task PlayAsync(Call outgoing, Task<Call?> ringing, FigureTerminal caller, FigureTerminal callee, FigureCheck check, FigureSettings settings, TimeProvider time)
    {
        if (settings.Ending is FigureEnding.CalleeRejects or FigureEnding.CallerCancels)
        {
            await Task.WhenAny(outgoing.Completion, RingsAsync(outgoing));
            if (settings.Ending == FigureEnding.CallerCancels)
            {
                outgoing.HangUp();
            }
            else if (await Task.WhenAny(ringing, outgoing.Completion) == ringing)
            {
                (await ringing)?.Reject();
            }

            return;
        }

        if (!await outgoing.Answered)
        {
            return;
        }

        await HearAsync(outgoing, caller.Heard, callee.Heard, check, settings.TalkAtMost, time);
        if (settings.Ending == FigureEnding.CalleeHangsUp && await Task.WhenAny(ringing, outgoing.Completion) == ringing)
        {
            (await ringing)?.HangUp();
        }
        else
        {
            outgoing.HangUp();
        }
    }

    /// <summary>Talks until both have recognised a tone and the sequence is whole, or for as long as is allowed.</summary>
    private static async Task HearAsync(Call call, ToneDetector one, ToneDetector other, FigureCheck check, TimeSpan atMost, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);
        while (!call.Completion.IsCompleted && time.GetElapsedTime(begun) < atMost && await tick.WaitForNextTickAsync())
        {
            if (one.CleanWindows >= EnoughWindows && other.CleanWindows >= EnoughWindows && check.IsSequenceComplete)
            {
                return;
            }
        }
    }

    private static async Task RingsAsync(Call call)
    {
        await foreach (CallState state in call.States())
        {
            if (state.Phase is CallPhase.Ringing)
            {
                return;
            }
        }
    }

    private static async Task<Call?> FirstCallAsync(SipPhone phone, CancellationToken cancellation)
    {
        await foreach (Call call in phone.IncomingCalls(cancellation))
        {
            return call;
        }

        return null;
    }
}
