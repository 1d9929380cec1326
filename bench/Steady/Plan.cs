// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;

namespace Isthmus.Steady;

/// <summary>How much is played.</summary>
internal sealed record Plan
{
    /// <summary>Calls that are measured.</summary>
    public int Calls { get; init; } = 50_000;

    /// <summary>Calls played before. A call a millisecond: after 35,000 lingering transactions end as new ones begin.</summary>
    public int WarmUp { get; init; } = 35_000;

    /// <summary>Users that are registered.</summary>
    public int Users { get; init; } = 10_000;

    /// <summary>The judge's method.</summary>
    public JudgeMethod Judge { get; init; } = JudgeMethod.Auto;
}
