// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What is needed of <c>/proc/PID/stat</c>.</summary>
/// <param name="Parent">The process that started it.</param>
/// <param name="Ticks">User and system time, in 1/100 s.</param>
internal readonly record struct ProcessStat(int Parent, long Ticks);
