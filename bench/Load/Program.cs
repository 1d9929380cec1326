// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Load;

var root = new RootCommand("Measures what a call costs a SIP server: ours and Kamailio by turns, with the same traffic.");
foreach (Row row in Row.All)
{
    root.Add(RowCommand.Create([row], row.Name, row.Title));
}

root.Add(RowCommand.Create(Row.All, "all", "All rows, one after the other."));
return await root.Parse(args).InvokeAsync();
