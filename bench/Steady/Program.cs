// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
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
var command = new RootCommand("What the server itself costs per call, without a kernel: one thread, a network that is a method call, time that is stepped.")
{
    names, calls, warmUp, users, judge,
};
command.SetAction(async (result, _) =>
{
    string[] chosen = result.GetValue(names)!;
    var plan = new Plan { Calls = result.GetValue(calls), WarmUp = result.GetValue(warmUp), Users = result.GetValue(users), Judge = result.GetValue(judge) };
    Console.WriteLine("workload                                   us/call  messages  us/message  bytes/call  bytes/message  collections");
    foreach (IWorkload workload in kinds.Where(kind => chosen.Length == 0 || chosen.Contains(kind.Name)))
    {
        Measurement cost = await Measurement.OfAsync(workload, plan).ConfigureAwait(false);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{workload.Name} {workload.Describes,-38} {cost.Microseconds,8:0.00} {cost.Messages,9:0} {cost.Microseconds / cost.Messages,11:0.00} {cost.Bytes,11:0} {cost.Bytes / cost.Messages,14:0} {cost.Collections,12}"));
    }
});
return await command.Parse(args).InvokeAsync().ConfigureAwait(false);
