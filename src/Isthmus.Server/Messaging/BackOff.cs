// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>How long to wait after an attempt that failed: longer each time. The shortest is longer than a transaction, so that no device takes the next one for a repetition by mistake.</summary>
internal static class BackOff
{
    private const int MostDoublings = 6;

    /// <summary>After the first attempt.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(60);

    /// <summary>Never longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>After so many attempts that failed, 1 or more.</summary>
    public static TimeSpan After(int failures) => TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - 1, MostDoublings)));
}
