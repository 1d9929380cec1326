// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>How our server is started.</summary>
internal sealed record IsthmusServerOptions
{
    /// <summary>Its IPv4 address; null for a server without IPv4.</summary>
    public IPAddress? V4 { get; init; } = IPAddress.Loopback;

    /// <summary>Its IPv6 address; null for a server without IPv6.</summary>
    public IPAddress? V6 { get; init; } = IPAddress.IPv6Loopback;

    public string Domain { get; init; } = "example.com";

    /// <summary>The method of its judge: <c>auto</c>, <c>arrival</c>, <c>session</c> or <c>carry</c>.</summary>
    public string Judge { get; init; } = "auto";

    /// <summary>More configuration, in TOML.</summary>
    public string Further { get; init; } = "";

    /// <summary>Megabytes of a file system of its own for the store, in a mount namespace (needs root); null: the temporary folder.</summary>
    public int? StoreMegabytes { get; init; }

    /// <summary>File descriptors that the process may have at most; null: as many as this one.</summary>
    public int? MostFiles { get; init; }

    /// <summary>The host of a <see cref="TestNetwork"/> on which it runs; it takes the addresses and port 5060 of it.</summary>
    public TestHost? Host { get; init; }
}

/// <summary>Our server as a process of its own, so that it can be killed, restarted and looked at from outside.</summary>
internal sealed class IsthmusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private IsthmusServerOptions _options;
    private ChildProgram? _program;

    private IsthmusServer(IsthmusServerOptions options)
    {
        _options = options;
        V4 = options.Host?.Addresses.FirstOrDefault(address => address.Version == IpVersion.V4) ?? (options.Host is null ? options.V4 : null);
        V6 = options.Host?.Addresses.FirstOrDefault(address => address.Version == IpVersion.V6) ?? (options.Host is null ? options.V6 : null);
        Port = options.Host is null ? FreePort.On([.. new[] { V4, V6 }.OfType<IPAddress>()]) : 5060;
    }

    public IPAddress? V4 { get; }

    public IPAddress? V6 { get; }

    /// <summary>The one port of all its listeners.</summary>
    public int Port { get; }

    public string Domain => _options.Domain;

    public ProgramOutput Output => Running.Output;

    /// <summary>The folder of the store as the server sees it, also when that is a mount of its own.</summary>
    public string StoreFolder => _options.StoreMegabytes is null ? StoreOfItsOwn : $"/proc/{Running.Id}/root{StoreOfItsOwn}";

    /// <summary>Kilobytes of memory that the process holds now.</summary>
    public int ResidentKilobytes => int.Parse(
        File.ReadLines($"/proc/{Running.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    private string StoreOfItsOwn => _folder.File("store");

    /// <summary>Where it listens, per IP version.</summary>
    public IEnumerable<IPEndPoint> EndPoints => new[] { V4, V6 }.OfType<IPAddress>().Select(address => new IPEndPoint(address, Port));

    private ChildProgram Running => _program ?? throw new InvalidOperationException("the server is not running");

    /// <summary>Where <c>isthmus</c> was built for these tests, in the same configuration as they.</summary>
    public static string Program { get; } = Path.Combine(
        Testing.Repository.Root, "apps", "isthmus", Path.GetRelativePath(Path.Combine(Testing.Repository.Root, "tests", "Isthmus.Interop.Tests"), AppContext.BaseDirectory), "isthmus");

    public static async Task<IsthmusServer> StartAsync(IsthmusServerOptions? options = null)
    {
        var server = new IsthmusServer(options ?? new IsthmusServerOptions());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its address as a proxy, such as <c>sip:[::1]:5060;transport=tcp</c>.</summary>
    public string Uri(IpVersion version, string transport = "udp") => $"sip:{EndPoint(version)};transport={transport}";

    public IPEndPoint EndPoint(IpVersion version) => EndPoints.First(endPoint => endPoint.Address.Version == version);

    /// <summary>The verdicts on INVITEs so far: one for each INVITE that arrived to open a call, repetitions of one not counted.</summary>
    public int Invites => Output.Count(new Regex("Verdict (?!.*AnsweredByOtherVersion)"));

    /// <summary>Starts it, or starts it again after its end, with the same configuration and the same store.</summary>
    public async Task StartAgainAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        var file = _folder.Write("isthmus.toml", Configuration());
        Directory.CreateDirectory(StoreOfItsOwn);
        string[] command = [Program, "serve", "--config", file];
        if (_options.StoreMegabytes is { } size)
        {
            command = [ChildProgram.Require("unshare", "util-linux"), "-m", "sh", "-c", $"mount -t tmpfs -o size={size}m tmpfs \"$0\" && exec \"$@\"", StoreOfItsOwn, .. command];
        }

        if (_options.MostFiles is { } files)
        {
            command = ["/bin/sh", "-c", $"ulimit -n {files} && exec \"$@\"", "sh", .. command];
        }

        _program = ChildProgram.Start(command[0], command[1..], _folder.Path, _options.Host);
        await Eventually.IsTrue(
            () => _program.HasExited || EndPoints.All(endPoint => _program.IsBound(endPoint, tcp: false) && _program.IsBound(endPoint, tcp: true)),
            $"the server listens. It said:\n{_program.Output.Text}");
        await _program.SaysAsync($@"\b{Port}\b");
    }

    /// <summary>Asks the running server through its control socket: <c>isthmus show bindings</c>, <c>calls</c> or <c>listeners</c>.</summary>
    public async Task<string> ShowAsync(string what, bool json = false)
    {
        await using var show = ChildProgram.Start(
            Program, ["show", what, .. json ? (string[])["--json"] : [], "--socket", _folder.File("control.sock")], _folder.Path, _options.Host);
        Assert.True(await show.ExitAsync() == 0, show.Output.Text);
        return show.Output.Text;
    }

    /// <summary>Writes other configuration in the place of <see cref="IsthmusServerOptions.Further"/>, and asks it to read that (SIGHUP).</summary>
    public Task ReloadAsync(string further)
    {
        _options = _options with { Further = further };
        _folder.Write("isthmus.toml", Configuration());
        return Running.SignalAsync("HUP");
    }

    /// <summary>Asks it to end (SIGTERM); <see cref="ExitAsync"/> waits for it.</summary>
    public Task AskToStopAsync() => Running.SignalAsync("TERM");

    /// <summary>Waits for its end and returns its exit code.</summary>
    public Task<int> ExitAsync() => Running.ExitAsync();

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>Asks it to end (SIGTERM) and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Running.SignalAsync("TERM");
        return await Running.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Configuration()
    {
        var text = new StringBuilder($"""
            judge = "{_options.Judge}"
            {_options.Further}

            [[domains]]
            name = "{Domain}"

            [store]
            path = "{Path.Combine(StoreOfItsOwn, "bindings.db")}"

            [control]
            socket = "{_folder.File("control.sock")}"

            """);
        foreach (var endPoint in EndPoints)
        {
            foreach (var transport in new[] { "udp", "tcp" })
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n[[listeners]]\ntransport = \"{transport}\"\naddress = \"{endPoint.Address}\"\nport = {endPoint.Port}\n");
            }
        }

        return text.ToString();
    }
}
