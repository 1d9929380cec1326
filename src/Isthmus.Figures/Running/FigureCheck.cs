// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Figures;

/// <summary>Compares what was seen with what the figure says.</summary>
internal sealed class FigureCheck(Figure figure, FigureSettings settings, Ladder ladder)
{
    public FigureResult Failed(string problem) => Result([problem]);

    /// <summary>Whether every arrow of the figure was seen; one that is lost on the way takes until its repetition.</summary>
    public bool IsSequenceComplete => FigureSequence.Seen(ladder).Count >= figure.Sequence.Count;

    public FigureResult Finished(CallResult caller, CallResult? callee, ToneReading? heardByCaller, ToneReading? heardByCallee, double callerTone, double calleeTone)
    {
        var problems = new List<string>();
        bool talks = settings.Ending is FigureEnding.CallerHangsUp or FigureEnding.CalleeHangsUp;
        CompareSequence(talks, problems);
        if (talks)
        {
            CompareEnds(caller, callee, problems);
            CompareTone(figure.Caller.Name, heardByCaller, calleeTone, problems);
            CompareTone(figure.Callee.Name, heardByCallee, callerTone, problems);
            if (ladder.MediaVersions != figure.Media.AsSet)
            {
                problems.Add($"media went on {ladder.MediaVersions}, expected {figure.Media.DisplayName} only");
            }
        }
        else
        {
            CallOutcome expected = settings.Ending == FigureEnding.CallerCancels ? CallOutcome.Cancelled : CallOutcome.Busy;
            if (caller.Outcome != expected)
            {
                problems.Add($"the call ended as {caller.Outcome} ({caller.Status} {caller.Reason}), expected {expected}");
            }
        }

        return Result(problems) with { Caller = caller, Callee = callee, HeardByCaller = heardByCaller, HeardByCallee = heardByCallee };
    }

    private void CompareSequence(bool talks, List<string> problems)
    {
        List<string> seen = [.. FigureSequence.Seen(ladder)];
        IReadOnlyList<string> expected = figure.Sequence;
        if (!talks)
        {
            // Until the last INVITE reaches the called terminal all is the same; then the call does not succeed.
            expected = FigureSequence.UntilRinging(figure);
            seen = [.. seen.Take(expected.Count)];
        }

        if (!seen.SequenceEqual(expected))
        {
            problems.Add(FigureSequence.Difference(seen, expected));
        }
    }

    private void CompareEnds(CallResult caller, CallResult? callee, List<string> problems)
    {
        if (caller.Outcome != CallOutcome.Completed)
        {
            problems.Add($"{figure.Caller.Name}'s call ended as {caller.Outcome}: {caller.Status} {caller.Reason}");
        }

        if (callee is null)
        {
            problems.Add($"{figure.Callee.Name} was never rung");
        }
        else if (callee.Outcome != CallOutcome.Completed)
        {
            problems.Add($"{figure.Callee.Name}'s call ended as {callee.Outcome}: {callee.Status} {callee.Reason}");
        }

        foreach (CallResult end in callee is null ? (CallResult[])[caller] : [caller, callee])
        {
            if (end.WasAnswered && end.MediaVersion != figure.Media)
            {
                problems.Add($"a terminal used {end.MediaVersion?.DisplayName} for media, expected {figure.Media.DisplayName}");
            }
        }
    }

    private static void CompareTone(string name, ToneReading? heard, double expected, List<string> problems)
    {
        if (heard is not { } tone)
        {
            problems.Add($"{name} heard nothing");
        }
        else if (!tone.IsTone(expected))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} heard {tone.FrequencyHz:F0} Hz, expected {expected:F0} Hz"));
        }
    }

    private FigureResult Result(IReadOnlyList<string> problems) =>
        new() { Figure = figure, Method = settings.Method ?? figure.Methods[0], Ladder = ladder, Problems = problems };
}
