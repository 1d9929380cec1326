// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Isthmus.Load;

/// <summary>The options that all measuring commands share.</summary>
internal sealed class MeasuringOptions
{
    private const int UsersOfTable = 10_000;

    private readonly Option<int> _pairs = new("--pairs") { Description = "turns of each server", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = new("--seconds") { Description = "length of a turn", DefaultValueFactory = _ => 3 };
    private readonly Option<double> _warmUp = new("--warm-up") { Description = "seconds of the same traffic before the first turn; three times as many where these are fewer than 30,000 calls", DefaultValueFactory = _ => 6 };
    private readonly Option<long?> _calls = new("--calls") { Description = "calls of a turn, where it is not over before" };
    private readonly Option<double?> _rate = new("--rate") { Description = "calls a second; without it there are always --in-flight calls" };
    private readonly Option<string?> _halfRate = new Option<string?>("--half-rate") { Description = "measure at half of the rate that the slower server reaches (default), or each at half of its own", Arity = ArgumentArity.ZeroOrOne }.AcceptOnlyFromAmong("slower", "own");
    private readonly Option<int> _inFlight = new("--in-flight") { Description = "calls at a time", DefaultValueFactory = _ => 64 };
    private readonly Option<int> _users = new("--users") { Description = "registered users, who call in turn", DefaultValueFactory = _ => UsersOfTable };
    private readonly Option<string> _family = new Option<string>("--family") { Description = "IP versions of the calling and the called phones", DefaultValueFactory = _ => "44" }.AcceptOnlyFromAmong("44", "64", "66");
    private readonly Option<string> _transport = new Option<string>("--transport") { Description = "transport of the phones", DefaultValueFactory = _ => "udp" }.AcceptOnlyFromAmong("udp", "tcp");
    private readonly Option<string> _server = new Option<string>("--server") { Description = "which servers are measured", DefaultValueFactory = _ => "both" }.AcceptOnlyFromAmong("ours", "kamailio", "both");
    private readonly Option<string> _store = new Option<string>("--store") { Description = "where our server keeps bindings", DefaultValueFactory = _ => "memory" }.AcceptOnlyFromAmong("memory", "durable");
    private readonly Option<string> _judge = new Option<string>("--judge") { Description = "our judge's method", DefaultValueFactory = _ => "auto" }.AcceptOnlyFromAmong("auto", "arrival", "session", "carry");
    private readonly Option<string?> _isthmus = new("--isthmus") { Description = "our server: the folder it was built into, or a checkout with a Release build (default: this one)" };
    private readonly Option<string?> _against = new("--against") { Description = "another build of ours to compare with, in Kamailio's place" };
    private readonly Option<string?> _judgeAgainst = new Option<string?>("--against-judge") { Description = "the judge's method of the build to compare with" }.AcceptOnlyFromAmong("auto", "arrival", "session", "carry");
    private readonly Option<string> _processors = new("--server-cpus") { Description = "processors of the servers, as taskset lists them", DefaultValueFactory = _ => "0" };
    private readonly Option<int> _generator = new("--generator-cpu") { Description = "processor of the load generator", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _nice = new("--nice") { Description = "niceness of generator and servers; below 0 other work of the machine disturbs less, and only root may; start it with setsid where the kernel groups processes by session" };
    private readonly Option<string?> _folder = new("--output") { Description = "folder for load.md and load.json" };

    /// <summary>Whether the command measures all users, families, transports and stores, so that there is no option for them.</summary>
    public bool IsWholeTable { get; init; }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_pairs, _seconds, _warmUp, _calls, _rate, _halfRate, _inFlight, .. IsWholeTable ? Array.Empty<Option>() : [_users, _family, _transport, _store], _server, _judge, _isthmus, _against, _judgeAgainst, _processors, _generator, _nice, _folder])
        {
            command.Add(option);
        }

        Within(_pairs, 1, 1000);
        Within(_inFlight, 1, 8192);
        Within(_users, 1, 2_000_000);
        Within(_nice, -20, 19);
    }

    public Measuring Read(ParseResult parsed) => new()
    {
        Pairs = parsed.GetValue(_pairs),
        Servers = Enum.Parse<ServerChoice>(parsed.GetValue(_server)!, ignoreCase: true),
        Isthmus = parsed.GetValue(_isthmus) ?? Checkout(),
        Against = parsed.GetValue(_against),
        JudgeAgainst = parsed.GetValue(_judgeAgainst),
        IsDurable = !IsWholeTable && parsed.GetValue(_store) == "durable",
        Judge = parsed.GetValue(_judge)!,
        ServerProcessors = parsed.GetValue(_processors)!,
        GeneratorProcessor = parsed.GetValue(_generator),
        Niceness = parsed.GetValue(_nice),
        Folder = parsed.GetValue(_folder),
        Traffic = new TrafficOptions
        {
            Family = IsWholeTable ? Family.V4ToV4 : (Family)int.Parse(parsed.GetValue(_family)!, System.Globalization.CultureInfo.InvariantCulture),
            IsTcp = !IsWholeTable && parsed.GetValue(_transport) == "tcp",
            Users = IsWholeTable ? UsersOfTable : parsed.GetValue(_users),
            InFlight = parsed.GetValue(_inFlight),
            Rate = parsed.GetValue(_rate),
            HalfOf = parsed.GetResult(_halfRate) is null ? null : parsed.GetValue(_halfRate) == "own" ? RateOf.Own : RateOf.Slower,
            Turn = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
            MostCalls = parsed.GetValue(_calls) ?? long.MaxValue,
        },
    };

    private static void Within(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError($"{option.Name}: expected {least} to {most}");
        }
    });

    // The program lies in bench/Load/bin/…: the checkout is above it.
    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Isthmus.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Directory.GetCurrentDirectory();
    }
}
