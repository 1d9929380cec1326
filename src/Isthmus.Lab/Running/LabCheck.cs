// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Compares captured packets with what the figure says. What programs say of themselves does not count.</summary>
internal sealed class LabCheck(LabRow row, NetworkPlan plan, LabSettings settings)
{
    public const double CallerTone = 440;
    public const double CalleeTone = 660;

    private const int LeastPackets = 25;
    private static readonly TimeSpan MediaStopsWithin = TimeSpan.FromMilliseconds(500);

    private Figure Figure => row.Figure;

    private bool Talks => Figure.Requests.Count == 0 && row.Ending is FigureEnding.CallerHangsUp or FigureEnding.CalleeHangsUp;

    /// <summary>The arrows to be seen. A called program that refuses in its own words says 488 where a terminal of the described method says 380.</summary>
    public IReadOnlyList<string> Expected
    {
        get
        {
            IReadOnlyList<string> described = FigureSequence.Expected(Figure, row.Ending);
            return TerminalPrograms.RefusesInItsOwnWords(settings.ProgramOf(Figure.Callee.Name)) && described.Any(arrow => IsRefusalOfCallee(arrow))
                ? [.. described.Select(arrow => arrow.EndsWith(" 380", StringComparison.Ordinal) ? $"{arrow[..^4]} 488" : arrow)]
                : described;
        }
    }

    /// <summary>What is not as it should be.</summary>
    public IReadOnlyList<string> Problems(Observation seen)
    {
        var problems = new List<string>();
        IReadOnlyList<string> arrows = FigureSequence.Seen(seen.Ladder, Figure);
        if (!arrows.SequenceEqual(Expected))
        {
            problems.Add(FigureSequence.Difference(arrows, Expected));
        }

        problems.AddRange(CarriedCheck.Problems(seen.Ladder, Figure));
        CheckMedia(seen, problems);
        if (Talks)
        {
            CheckEnd(seen, problems);
        }

        problems.AddRange(from host in plan.Hosts
                          from version in (IpVersion[])[IpVersion.V4, IpVersion.V6]
                          where !host.Has.Has(version) && seen.Spoke.Contains((host.Name, version))
                          select $"{host.Name} sent {version.DisplayName} packets, which it should not have");
        return problems;
    }

    private void CheckMedia(Observation seen, List<string> problems)
    {
        string caller = Figure.Caller.Name, callee = Figure.Callee.Name;
        foreach (MediaFlow flow in seen.Media.Where(flow => flow.Packets > 0))
        {
            bool isDirect = (flow.From == caller && flow.To == callee) || (flow.From == callee && flow.To == caller);
            if (!isDirect || flow.Version != Figure.Media || !Talks)
            {
                problems.Add($"{flow.Packets} RTP packets went from {flow.From} to {flow.To} on {flow.Version.DisplayName}");
            }
        }

        if (Talks)
        {
            CheckDirection(seen, caller, callee, CallerTone, problems);
            CheckDirection(seen, callee, caller, CalleeTone, problems);
        }
    }

    private void CheckDirection(Observation seen, string from, string to, double tone, List<string> problems)
    {
        MediaFlow? flow = seen.Media.FirstOrDefault(one => one.From == from && one.To == to && one.Version == Figure.Media);
        if (flow is null || flow.Packets < LeastPackets)
        {
            problems.Add($"{flow?.Packets ?? 0} RTP packets went from {from} to {to} on {Figure.Media.DisplayName}, expected {LeastPackets} or more");
        }
        else if (flow.Tone is not { } heard)
        {
            problems.Add($"what {from} sent to {to} is not a tone");
        }
        else if (!heard.IsTone(tone))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{from} sent a tone of {heard.FrequencyHz:F0} Hz to {to}, expected {tone:F0} Hz"));
        }
    }

    // Row "bye": whoever hangs up, the other side is told and confirms, and no media goes on.
    private void CheckEnd(Observation seen, List<string> problems)
    {
        string ends = row.Ending == FigureEnding.CallerHangsUp ? Figure.Caller.Name : Figure.Callee.Name;
        string other = ends == Figure.Caller.Name ? Figure.Callee.Name : Figure.Caller.Name;
        IReadOnlyList<Arrow> arrows = seen.Ladder.Arrows;
        if (!arrows.Any(arrow => arrow.Method == SipMethod.Bye && arrow.Status is null && arrow.To == other))
        {
            problems.Add($"no BYE reached {other}");
        }

        if (arrows.FirstOrDefault(arrow => arrow.Method == SipMethod.Bye && arrow.Status == 200 && arrow.To == ends) is not { } end)
        {
            problems.Add($"no 200 for its BYE reached {ends}");
            return;
        }

        problems.AddRange(seen.Media.Where(flow => flow.LastAt > end.At + MediaStopsWithin).Select(flow => $"{flow.From} still sent media after the call had ended"));
    }

    private bool IsRefusalOfCallee(string arrow) => arrow.StartsWith(Figure.Callee.Name + " ", StringComparison.Ordinal) && arrow.EndsWith(" 380", StringComparison.Ordinal);
}
