// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Isthmus.DualStack;
using Isthmus.Steady.Workloads;

namespace Isthmus.Steady;

/// <summary>What calls of one kind cost the server in steady state.</summary>
/// <param name="Microseconds">CPU time in the server for one call: the process's, times the share of the time that was spent in the server.</param>
/// <param name="Messages">Messages in and out of one call.</param>
/// <param name="Bytes">Bytes allocated for one call.</param>
/// <param name="Collections">Garbage collections while measuring.</param>
/// <param name="PauseMilliseconds">How long they stopped everything, all together.</param>
internal readonly record struct Measurement(double Microseconds, double Messages, double Bytes, int Collections, double PauseMilliseconds)
{
    /// <summary>Registers the users, plays the calls to warm up, then measures.</summary>
    public static async Task<Measurement> OfAsync(IWorkload workload, Plan plan)
    {
        await using Bed bed = await Bed.StartAsync(plan.Judge, plan.Users).ConfigureAwait(false);
        var registering = new Registering();
        for (int user = 0; user < plan.Users; user++)
        {
            registering.Play(bed, user);
        }

        int number = plan.Users; // so that W1 goes on where the registrations ended
        for (int end = number + plan.WarmUp; number < end; number++)
        {
            bed.NextCall();
            workload.Play(bed, number);
        }

        bed.Restart();
        (int collections, TimeSpan pauses) = (GC.CollectionCount(0), GC.GetTotalPauseDuration());
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long since = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int end = number + plan.Calls; number < end; number++)
        {
            bed.NextCall();
            workload.Play(bed, number);
        }

        double bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        double share = (double)bed.Ticks / (Stopwatch.GetTimestamp() - since);
        double microseconds = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds * share;
        return new(
            microseconds / plan.Calls,
            (double)(bed.Delivered + bed.Sent) / plan.Calls,
            bytes / plan.Calls,
            GC.CollectionCount(0) - collections,
            (GC.GetTotalPauseDuration() - pauses).TotalMilliseconds);
    }
}
