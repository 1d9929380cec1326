// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>Waiting for what a program does to the world outside of its output, such as a file that grows.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task IsTrue(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < limit, $"not within {limit.TotalSeconds} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
