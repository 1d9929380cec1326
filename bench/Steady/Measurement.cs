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
internal readonly record struct Measurement(double Microseconds, double Messages, double Bytes, int Collections)
{
    /// <summary>Registers the users, plays <paramref name="warmUp"/> calls, then measures <paramref name="calls"/>.</summary>
    public static async Task<Measurement> OfAsync(IWorkload workload, int warmUp, int calls, JudgeMethod judge = JudgeMethod.Auto)
    {
        await using Bed bed = await Bed.StartAsync(judge).ConfigureAwait(false);
        var registering = new Registering();
        for (int user = 0; user < Bed.Users; user++)
        {
            registering.Play(bed, user);
        }

        int number = Bed.Users; // so that W1 goes on where the registrations ended
        for (int end = number + warmUp; number < end; number++)
        {
            bed.NextCall();
            workload.Play(bed, number);
        }

        bed.Restart();
        int collections = GC.CollectionCount(0);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long since = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int end = number + calls; number < end; number++)
        {
            bed.NextCall();
            workload.Play(bed, number);
        }

        double bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        double share = (double)bed.Ticks / (Stopwatch.GetTimestamp() - since);
        double microseconds = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds * share;
        return new(microseconds / calls, (double)(bed.Delivered + bed.Sent) / calls, bytes / calls, GC.CollectionCount(0) - collections);
    }
}
