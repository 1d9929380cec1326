// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Isthmus.DualStack;
using Isthmus.Steady;
using Isthmus.Steady.Workloads;

IReadOnlyList<IWorkload> kinds = Kinds.All();
var usual = new Plan();
var names = new Argument<string[]>("WORKLOAD") { Description = $"Which ({string.Join(", ", kinds.Select(kind => kind.Name))}); all when none is named", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. kinds.Select(kind => kind.Name)]);
var calls = new Option<int>("--calls") { Description = "Calls that are measured", DefaultValueFactory = _ => usual.Calls };
var warmUp = new Option<int>("--warm-up") { Description = "Calls played before; a call is a millisecond, and transactions linger 32 s", DefaultValueFactory = _ => usual.WarmUp };
var users = new Option<int>("--users") { Description = "Users that are registered", DefaultValueFactory = _ => usual.Users };
var judge = new Option<JudgeMethod>("--judge") { Description = "The judge's method", DefaultValueFactory = _ => usual.Judge };
var json = new Option<bool>("--json") { Description = "Print JSON in the place of the table" };
var command = new RootCommand("What the server itself costs per call, without a kernel: one thread, a network that is a method call, time that is stepped.")
{
    names, calls, warmUp, users, judge, json,
};
command.SetAction(async (result, _) =>
{
    string[] chosen = result.GetValue(names)!;
    var plan = new Plan { Calls = result.GetValue(calls), WarmUp = result.GetValue(warmUp), Users = result.GetValue(users), Judge = result.GetValue(judge) };
    var costs = new List<WorkloadCost>();
    foreach (IWorkload workload in kinds.Where(kind => chosen.Length == 0 || chosen.Contains(kind.Name)))
    {
        costs.Add(new(workload.Name, workload.Describes, await Measurement.OfAsync(workload, plan).ConfigureAwait(false)));
    }

    Console.WriteLine(result.GetValue(json) ? JsonSerializer.Serialize(costs, CostJson.Default.ListWorkloadCost) : CostTable.Render(costs));
});
return await command.Parse(args).InvokeAsync().ConfigureAwait(false);
