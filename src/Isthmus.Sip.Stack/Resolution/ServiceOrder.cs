// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The order in which the servers of a service are tried (RFC 2782): by priority, and within one by chance, heavier ones more often.</summary>
internal static class ServiceOrder
{
    /// <summary>Puts the records in order.</summary>
    /// <param name="records">The records of one service; denials and those without a port are left out.</param>
    /// <param name="random">The chance.</param>
    public static List<ServiceRecord> Of(IEnumerable<ServiceRecord> records, Random random)
    {
        var ordered = new List<ServiceRecord>();
        foreach (var group in records.Where(record => record is { IsDenial: false, Port: > 0 }).GroupBy(record => record.Priority).OrderBy(group => group.Key))
        {
            // Those without weight first, so that they have a small chance at least.
            var left = group.OrderBy(record => record.Weight > 0).ToList();
            long sum = left.Sum(record => (long)record.Weight);
            while (left.Count > 0)
            {
                int chosen = Choose(left, random.NextInt64(sum + 1));
                sum -= left[chosen].Weight;
                ordered.Add(left[chosen]);
                left.RemoveAt(chosen);
            }
        }
        return ordered;
    }

    // The first whose running sum reaches the number. There is one: the number is at most the sum.
    private static int Choose(List<ServiceRecord> left, long number)
    {
        int chosen = 0;
        for (long running = left[0].Weight; running < number; running += left[chosen].Weight)
        {
            chosen++;
        }
        return chosen;
    }
}
