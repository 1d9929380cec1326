// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>Local calls in a stretch of time, alone or beside calls into other domains.</summary>
public sealed record BesideResult
{
    /// <summary>Whether others called into other domains meanwhile.</summary>
    public required bool IsBeside { get; init; }

    /// <summary>Local calls.</summary>
    public int Local { get; init; }

    /// <summary>Those of them that rang.</summary>
    public int LocalRang { get; init; }

    /// <summary>The time within which half of the local calls rang.</summary>
    public TimeSpan? Median { get; init; }

    /// <summary>The time within which 99 of 100 local calls rang.</summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>Calls into other domains.</summary>
    public int Foreign { get; init; }

    /// <summary>Those of them that rang.</summary>
    public int ForeignRang { get; init; }

    /// <summary>The time within which half of those rang: DNS is part of it.</summary>
    public TimeSpan? ForeignMedian { get; init; }

    /// <summary>Questions that DNS was asked.</summary>
    public int Questions { get; init; }
}
