// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Load;

var root = new RootCommand("Measures what a call costs a SIP server: ours and Kamailio by turns, with the same traffic.");
foreach (Row row in Row.All)
{
    root.Add(RowCommand.One(row));
}

root.Add(RowCommand.All());
root.Add(CoresCommand.Create());
root.Add(MemoryCommand.Create());
root.Add(SoakCommand.Create());
root.Add(ProfileCommand.Create());
// Interrupted, it still stops its servers.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
