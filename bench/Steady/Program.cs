// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.DualStack;
using Isthmus.Steady;
using Isthmus.Steady.Workloads;

const string Usage = """
    What the server itself costs per call, without a kernel: one thread, a network that is a method call, time that is stepped by 1 ms a call.

      Isthmus.Steady [W1|W3|W4|W5|W6|all] [CALLS] [auto|carry|arrival|session]

    CALLS is 50000 when it is not said; as many are played before to warm up (at least 35000, so that lingering transactions end).
    """;

string which = args is [var first, ..] ? first : "all";
IWorkload[] chosen = [.. Kinds.All().Where(kind => which == "all" || kind.Name.Equals(which, StringComparison.OrdinalIgnoreCase))];
int calls = 50_000;
JudgeMethod judge = JudgeMethod.Auto;
if (chosen.Length == 0 || (args.Length > 1 && !int.TryParse(args[1], CultureInfo.InvariantCulture, out calls)) || (args.Length > 2 && !Enum.TryParse(args[2], ignoreCase: true, out judge)))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

Console.WriteLine("workload                                   us/call  messages  us/message  bytes/call  bytes/message  collections");
foreach (IWorkload workload in chosen)
{
    Measurement cost = await Measurement.OfAsync(workload, Math.Max(calls, 35_000), calls, judge).ConfigureAwait(false);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{workload.Name} {workload.Describes,-38} {cost.Microseconds,8:0.00} {cost.Messages,9:0} {cost.Microseconds / cost.Messages,11:0.00} {cost.Bytes,11:0} {cost.Bytes / cost.Messages,14:0} {cost.Collections,12}"));
}

return 0;
