// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Figures;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.App.Demo;

/// <summary>Runs figures on loopback sockets and shows each: its title, the ladder as it grows, and what both sides heard.</summary>
internal sealed class DemoStage(TextWriter output)
{
    public void List(IReadOnlyList<Figure> figures)
    {
        foreach (Figure figure in figures)
        {
            output.WriteLine($"{figure.Name,-6} {figure.Title} [{string.Join(", ", figure.Methods.Select(method => method.ToString().ToLowerInvariant()))}]");
        }
    }

    public async Task<bool> ShowAsync(IReadOnlyList<Figure> figures, FigureSettings settings, CancellationToken cancellation)
    {
        var results = new List<FigureResult>();
        foreach (Figure figure in figures)
        {
            results.Add(await ShowAsync(figure, settings, cancellation));
        }

        if (results.Count > 1)
        {
            output.WriteLine();
            foreach (FigureResult result in results)
            {
                output.WriteLine($"{(result.IsGood ? "good" : "BAD ")}  FIG. {result.Figure.Name,-6} {result.Method.ToString().ToLowerInvariant(),-8} {result.Figure.Title}");
            }
        }

        return results.TrueForAll(result => result.IsGood);
    }

    private async Task<FigureResult> ShowAsync(Figure figure, FigureSettings settings, CancellationToken cancellation)
    {
        var text = new LadderText(figure.Nodes);
        output.WriteLine();
        output.WriteLine($"FIG. {figure.Name}  {figure.Title}");
        output.WriteLine($"        {figure.Caller.Name} {figure.Caller.Description}; {figure.Callee.Name} {figure.Callee.Description}; judge: {(settings.Method ?? figure.Methods[0]).ToString().ToLowerInvariant()}");
        output.WriteLine($"        {LadderText.Legend}");
        output.WriteLine();
        output.WriteLine(text.Header);
        FigureResult result = await FigureRun.RunAsync(figure, settings, new LoopbackGround(), new Curtain(text, output), cancellation: cancellation);
        output.WriteLine();
        Heard(figure.Caller.Name, result.Caller, result.HeardByCaller);
        Heard(figure.Callee.Name, result.Callee, result.HeardByCallee);
        foreach (string problem in result.Problems)
        {
            output.WriteLine($"        PROBLEM: {problem}");
        }

        if (result.IsGood)
        {
            output.WriteLine($"        Both heard each other, on {figure.Media.DisplayName}, as expected.");
        }

        return result;
    }

    private void Heard(string name, CallResult? call, ToneReading? tone)
    {
        string sound = tone is { } heard ? string.Create(CultureInfo.InvariantCulture, $"heard a tone of {heard.FrequencyHz:F0} Hz") : "heard nothing";
        string media = call?.Statistics is { } statistics
            ? string.Create(CultureInfo.InvariantCulture, $" on {call.MediaVersion?.DisplayName}: {statistics.Received.Packets} packets received, {statistics.Sent.Packets} sent, {statistics.Received.Lost} lost, jitter {statistics.Received.Jitter.TotalMilliseconds:F1} ms")
            : "";
        output.WriteLine($"        {name} {sound}{media}");
    }

    /// <summary>Draws each arrow when it is seen; retransmissions and what comes before and after the call are left out.</summary>
    private sealed class Curtain(LadderText text, TextWriter output) : ILadderObserver
    {
        public void OnArrow(Arrow arrow)
        {
            if (!arrow.IsRepeat)
            {
                output.WriteLine(text.Line(arrow));
            }
        }

        public void OnNote(LadderNote note) => output.WriteLine(text.Line(note));
    }
}
