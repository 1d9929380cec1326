// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Media;
using Isthmus.Phone;

namespace Isthmus.Figures;

/// <summary>What came of running a figure.</summary>
public sealed record FigureResult
{
    /// <summary>The figure.</summary>
    public required Figure Figure { get; init; }

    /// <summary>The judge's method.</summary>
    public required JudgeMethod Method { get; init; }

    /// <summary>Everything that went between the nodes.</summary>
    public required Ladder Ladder { get; init; }

    /// <summary>How the call ended for the caller; null when it could not begin.</summary>
    public CallResult? Caller { get; init; }

    /// <summary>How the call ended for the called terminal; null when it was never rung.</summary>
    public CallResult? Callee { get; init; }

    /// <summary>The tone that the caller heard.</summary>
    public ToneReading? HeardByCaller { get; init; }

    /// <summary>The tone that the called terminal heard.</summary>
    public ToneReading? HeardByCallee { get; init; }

    /// <summary>What was not as the figure says; empty when all was.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Whether all was as the figure says.</summary>
    public bool IsGood => Problems.Count == 0;
}
