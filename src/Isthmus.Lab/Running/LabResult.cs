// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Figures;

namespace Isthmus.Lab;

/// <summary>What came of running a row: what was captured, and how it differs from what the figure says.</summary>
public sealed record LabResult
{
    /// <summary>The row.</summary>
    public required LabRow Row { get; init; }

    /// <summary>The network it ran in.</summary>
    public required LabNetwork Network { get; init; }

    /// <summary>The judge's method.</summary>
    public required JudgeMethod Method { get; init; }

    /// <summary>How it was run.</summary>
    public required LabSettings Settings { get; init; }

    /// <summary>The arrows of the call that were captured, as <see cref="FigureSequence"/> writes them.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>The arrows that were expected.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary>Everything that was captured of SIP.</summary>
    public Ladder Ladder { get; init; } = new(TimeProvider.System);

    /// <summary>The media that was captured.</summary>
    public IReadOnlyList<MediaFact> Media { get; init; } = [];

    /// <summary>What was not as the figure says; empty when all was.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether all was as the figure says.</summary>
    public bool IsGood => Problems.Count == 0;
}
