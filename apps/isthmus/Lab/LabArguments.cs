// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using Isthmus.DualStack;
using Isthmus.Lab;
using Isthmus.Sip;
using ParseResult = System.CommandLine.ParseResult;

namespace Isthmus.App.Lab;

/// <summary>The options of `isthmus lab`, and the runs that they describe.</summary>
internal sealed class LabArguments
{
    private const string Folder = "lab-out";
    private static readonly (string Place, IReadOnlyList<string> Programs)[] Places =
    [
        .. ((string[])["T5", "T6", "T7", "T8"]).Select(terminal => (terminal, TerminalPrograms.Names)),
        .. ((string[])["S1", "S2"]).Select(server => (server, ServerPrograms.Names)),
    ];

    // T5 by TCP and T6 by UDP: each leg has a transport of its own.
    private static readonly (SipTransport Caller, SipTransport Callee)[] Mixtures =
        [(SipTransport.Udp, SipTransport.Udp), (SipTransport.Tcp, SipTransport.Tcp), (SipTransport.Tcp, SipTransport.Udp)];

    private readonly Option<string?> _network = new("--network") { Description = "the network, by the number of its figure (default: the first that 'lab list' names; for all: each of them)" };
    private readonly Option<string?> _method = new("--method") { Description = "the judge's method: auto, arrival, session or carry (default: the one that the figure describes)" };
    private readonly Option<string?> _transport = new("--transport") { Description = "udp or tcp for both terminals (default: udp; for all: each of them)" };
    private readonly Option<string?> _caller = new("--caller-transport") { Description = "transport of the calling terminal" };
    private readonly Option<string?> _callee = new("--callee-transport") { Description = "transport of the called terminal" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = $"folder for ladders, captures and what the programs said (default: ./{Folder}/figure-N)" };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "file for the results as JSON" };
    private readonly Dictionary<string, Option<string?>> _programs = Places.ToDictionary(
        place => place.Place,
        place => new Option<string?>($"--{place.Place.ToLowerInvariant()}") { Description = $"the program in the place of {place.Place}: {string.Join(" or ", place.Programs)}" }.AcceptOnlyFromAmong([.. place.Programs]));

    public LabArguments()
    {
        _network.AcceptOnlyFromAmong([.. LabTable.All.SelectMany(row => row.Networks).Select(network => network.Name).Distinct()]);
        _method.AcceptOnlyFromAmong("auto", "arrival", "session", "carry");
        foreach (Option<string?> transport in (Option<string?>[])[_transport, _caller, _callee])
        {
            transport.AcceptOnlyFromAmong("udp", "tcp");
        }
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_network, _method, _transport, _caller, _callee, .. _programs.Values, _output, _json])
        {
            command.Options.Add(option);
        }
    }

    public LabShow Show(ParseResult parsed) => new(Console.Out, Console.Error, parsed.GetValue(_json));

    /// <summary>One run of a row.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="row">The row.</param>
    /// <param name="isOneOfMany">Whether it gets a folder of its own below the one that was given.</param>
    public (LabRow Row, LabSettings Settings) Run(ParseResult parsed, LabRow row, bool isOneOfMany)
    {
        string folder = parsed.GetValue(_output) is { } given ? (isOneOfMany ? Path.Combine(given, FolderOf(row)) : given) : Path.Combine(Folder, FolderOf(row));
        LabNetwork network = row.Networks.FirstOrDefault(network => network.Name == parsed.GetValue(_network)) ?? row.Networks[0];
        SipTransport transport = Transport(parsed.GetValue(_transport));
        return (row, Settings(parsed, network, (transport, transport), folder));
    }

    /// <summary>The runs of a row: each of its networks, over UDP and over TCP, and with two domains over both, unless one was chosen.</summary>
    public IEnumerable<(LabRow Row, LabSettings Settings)> Runs(ParseResult parsed, LabRow row) =>
        from network in row.Networks
        where parsed.GetValue(_network) is not { } chosen || chosen == network.Name
        from transport in parsed.GetValue(_transport) is { } one ? [(Transport(one), Transport(one))] : row.Figure.Servers.Count > 1 ? Mixtures : Mixtures.Take(2)
        where parsed.GetValue(_method) is not { } method || row.Figure.Methods.Contains(Enum.Parse<JudgeMethod>(method, ignoreCase: true))
        select (row, Settings(parsed, network, transport, Path.Combine(parsed.GetValue(_output) ?? Folder, $"{FolderOf(row)}-network-{network.Name}-{Name(transport)}")));

    private static string Name((SipTransport Caller, SipTransport Callee) transport) =>
        transport.Caller == transport.Callee ? transport.Caller.UriToken : $"{transport.Caller.UriToken}-{transport.Callee.UriToken}";

    private LabSettings Settings(ParseResult parsed, LabNetwork network, (SipTransport Caller, SipTransport Callee) transport, string folder) => new()
    {
        Isthmus = ThisProgram(),
        Network = network,
        Method = parsed.GetValue(_method) is { } text ? Enum.Parse<JudgeMethod>(text, ignoreCase: true) : null,
        CallerTransport = parsed.GetValue(_caller) is { } caller ? Transport(caller) : transport.Caller,
        CalleeTransport = parsed.GetValue(_callee) is { } callee ? Transport(callee) : transport.Callee,
        Programs = _programs.Where(place => parsed.GetValue(place.Value) is not null).ToDictionary(place => place.Key, place => parsed.GetValue(place.Value)!),
        Output = folder,
    };

    // The program itself, or dotnet with it.
    public static IReadOnlyList<string> ThisProgram() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? [path] : [Environment.ProcessPath ?? "dotnet", Environment.GetCommandLineArgs()[0]];

    private static string FolderOf(LabRow row) => $"figure-{row.Name}";

    private static SipTransport Transport(string? text) => text is not null && SipTransportOperations.TryParse(text, out SipTransport transport) ? transport : SipTransport.Udp;
}
