// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Figures;

namespace Isthmus.Lab;

/// <summary>Runs a row: builds its network, starts the programs in it, makes the call, captures everything, and compares that with the figure.</summary>
public static class LabRun
{
    private const string Text = "ladder.txt";
    private const string Picture = "ladder.svg";

    /// <summary>
    /// Runs it. What goes wrong is in the result; nothing is left behind but the files in the output folder: the ladder as text and picture, the captures, and
    /// what the programs said.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="progress">Is told what is being done, a line each.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Ends the run; it still cleans up.</param>
    public static async Task<LabResult> RunAsync(LabRow row, LabSettings settings, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        LabNetwork network = settings.Network ?? row.Networks[0];
        settings = row.Defaults(settings);
        JudgeMethod method = settings.Method ?? row.Figure.Methods[0];
        var result = new LabResult { Row = row, Network = network, Method = method, Settings = settings, Problems = [] };
        try
        {
            settings = settings with { Output = Directory.CreateDirectory(settings.Output).FullName };
            var ip = new IpTool(ToolBox.Find("ip") ?? throw new LabException(ToolBox.Missing("ip", IpTool.Package)));
            if (await AbandonedRuns.SweepAsync(ip) is > 0 and var swept)
            {
                progress($"took away {swept} namespaces of a run that was killed");
            }

            NetworkPlan plan = NetworkPlan.Of(row.Figure, network);
            progress($"FIG. {row.Name}: making the network of FIG. {network.Name} ({network.Title})");
            await using LabGround ground = await LabGround.BuildAsync(ip, plan);
            using Captures captures = await Captures.StartAsync(ground, time);
            var stage = new LabStage(plan, settings, ground, ip, time);
            IReadOnlyList<string> faults = await LabCall.MakeAsync(row, method, stage, captures, progress, cancellation);
            result = Conclude(result, plan, captures, faults);
        }
        catch (Exception exception) when (exception is LabException or IOException or UnauthorizedAccessException)
        {
            result = result with { Problems = [exception.Message] };
        }

        result = result with { Duration = time.GetElapsedTime(begun) };
        return Write(result);
    }

    // The file that is kept is the one that is read: what is drawn and judged can be looked at again.
    private static LabResult Conclude(LabResult result, NetworkPlan plan, Captures captures, IReadOnlyList<string> faults)
    {
        string file = captures.Save(result.Settings.Output);
        if (!PcapReader.TryRead(File.ReadAllBytes(file), out IReadOnlyList<CapturedPacket> packets, out string? problem))
        {
            throw new LabException($"{file}: {problem}");
        }

        using var seen = new Observation(plan, captures.Begun);
        foreach (CapturedPacket packet in packets)
        {
            seen.Add(packet);
        }

        var check = new LabCheck(result.Row, plan, result.Settings);
        return result with
        {
            Ladder = seen.Ladder,
            Seen = FigureSequence.Seen(seen.Ladder, result.Row.Figure),
            Expected = check.Expected,
            Media = [.. seen.Media.Select(flow => new MediaFact(flow.From, flow.To, flow.Version, flow.Packets, flow.ControlPackets, flow.Tone is { IsClean: true } tone ? Math.Round(tone.FrequencyHz) : null, flow.LastAt))],
            Problems = [.. faults, .. captures.Problems, .. check.Problems(seen)],
        };
    }

    private static LabResult Write(LabResult result)
    {
        try
        {
            File.WriteAllText(Path.Combine(result.Settings.Output, Text), LabText.Page(result) + "\n");
            File.WriteAllText(Path.Combine(result.Settings.Output, Picture), LabText.Picture(result));
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return result with { Problems = [.. result.Problems, $"the ladder cannot be kept: {exception.Message}"] };
        }
    }
}
