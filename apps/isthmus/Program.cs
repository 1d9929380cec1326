// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Invocation;
using Isthmus.App;
using Isthmus.App.Demo;
using Isthmus.App.Lab;
using Isthmus.App.Phone;
using Isthmus.App.Serve;

// A command that is asked to end is cancelled and ends by itself: a server answers what is in flight (drain-time is at most 5 minutes).
var longestEnd = TimeSpan.FromMinutes(6);

var root = new RootCommand("Isthmus: a dual-stack SIP server and phone. IPv4 and IPv6 phones call each other, and hear each other.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    ShowCommand.Create(),
    ExplainCommand.Create(),
    PhoneCommand.Create(),
    DemoCommand.Create(),
    LabCommand.Create(),
};

ParseResult parsed = root.Parse(args);

// What was typed wrong is said in one line; the pages of help are for --help.
return parsed.Action is ParseErrorAction ? WrongUse.Show(parsed, Console.Error) : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = longestEnd });
