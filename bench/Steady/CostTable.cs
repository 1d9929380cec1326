// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Isthmus.Steady;

/// <summary>The costs for people.</summary>
internal static class CostTable
{
    public static string Render(IEnumerable<WorkloadCost> costs)
    {
        var table = new StringBuilder("workload                                   us/call  messages  us/message  bytes/call  bytes/message  collections  pauses, ms");
        foreach (WorkloadCost line in costs)
        {
            Measurement cost = line.Cost;
            table.AppendLine().Append(
                CultureInfo.InvariantCulture,
                $"{line.Name} {line.Call,-38} {cost.Microseconds,8:0.00} {cost.Messages,9:0} {cost.Microseconds / cost.Messages,11:0.00} {cost.Bytes,11:0.0} {cost.Bytes / cost.Messages,14:0.0} {cost.Collections,12} {cost.PauseMilliseconds,11:0.00}");
        }

        return table.ToString();
    }
}
