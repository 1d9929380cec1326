// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>How a SIPp is started.</summary>
internal sealed record SippOptions
{
    /// <summary>The scenario, in SIPp's XML.</summary>
    public required string Scenario { get; init; }

    /// <summary>The address from which it speaks.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Its own port; null for any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Whom it calls; null where it is called.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>After how many calls it ends.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>Calls begun per second.</summary>
    public int Rate { get; init; } = 10;

    /// <summary>The user part of the called address: <c>[service]</c> in a scenario.</summary>
    public string Service { get; init; } = "service";

    public bool Tcp { get; init; }

    /// <summary>Further values for a scenario: <c>[name]</c>.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    public TestHost? Host { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What a SIPp counted by its end.</summary>
internal sealed record SippResult(int ExitCode, int Successful, int Failed, int Unexpected, int Retransmissions, int OutOfCall, string Errors)
{
    public void AssertAllSucceeded(int calls)
    {
        Assert.True(
            ExitCode == 0 && Successful == calls && Failed == 0 && Unexpected == 0 && OutOfCall == 0,
            $"of {calls} calls {Successful} succeeded and {Failed} failed; {Unexpected} unexpected messages, {OutOfCall} outside of calls; exit code {ExitCode}\n{Errors}");
    }
}

/// <summary>SIPp 3.6 as Debian ships it (sip-tester): a scenario of requests and answers, many times.</summary>
internal sealed class Sipp : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProgram _program;
    private readonly SippOptions _options;

    private Sipp(TemporaryFolder folder, ChildProgram program, SippOptions options, IPEndPoint local)
    {
        _folder = folder;
        _program = program;
        _options = options;
        Local = local;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Local { get; }

    public ProgramOutput Output => _program.Output;

    public static void SkipUnlessInstalled() => ChildProgram.Require("sipp", "sip-tester");

    /// <summary>Starts it and waits until its port is open.</summary>
    public static async Task<Sipp> StartAsync(SippOptions options)
    {
        var program = ChildProgram.Require("sipp", "sip-tester");
        var folder = new TemporaryFolder();
        var port = options.Port ?? FreePort.On(options.Host is null ? options.Address : IPAddress.Loopback);
        string[] arguments =
        [
            .. options.Remote is { } remote ? [remote.ToString()] : Array.Empty<string>(),
            "-sf", folder.Write("scenario.xml", options.Scenario.Trim() + "\n"),
            "-i", options.Address.ToString(), "-p", Text(port),
            "-m", Text(options.Calls), "-r", Text(options.Rate), "-s", options.Service,
            "-t", options.Tcp ? "t1" : "u1",
            "-timeout", Text((int)options.Limit.TotalSeconds), "-timeout_error",
            "-nostdin", "-trace_err", "-error_file", folder.File("errors.log"), "-trace_stat", "-stf", folder.File("statistics.csv"), "-fd", "1",
            .. options.Keys.SelectMany(key => new[] { "-key", key.Key, key.Value }),
        ];
        var sipp = new Sipp(folder, ChildProgram.Start(program, arguments, folder.Path, options.Host), options, new IPEndPoint(options.Address, port));
        try
        {
            await Eventually.IsTrue(() => sipp._program.HasExited || sipp._program.IsBound(sipp.Local, options.Tcp), "SIPp opens its port");
            return sipp;
        }
        catch
        {
            await sipp.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the end of all its calls.</summary>
    public async Task<SippResult> ResultAsync()
    {
        var code = await _program.ExitAsync(_options.Limit + TimeSpan.FromSeconds(20));
        var errors = File.Exists(_folder.File("errors.log")) ? await File.ReadAllTextAsync(_folder.File("errors.log")) : "";
        var table = await File.ReadAllLinesAsync(_folder.File("statistics.csv"));
        var names = table[0].Split(';');
        var last = table[^1].Split(';');
        int Count(string name) => Array.IndexOf(names, name) is >= 0 and var column && int.TryParse(last[column], out var count) ? count : 0;
        return new SippResult(
            code,
            Count("SuccessfulCall(C)"),
            Count("FailedCall(C)"),
            Count("FailedUnexpectedMessage(C)") + Count("FailedCallRejected(C)"),
            Count("Retransmissions(C)"),
            Count("OutOfCallMsgs(C)") + Count("DeadCallMsgs(C)"),
            errors.Length > 0 || code == 0 ? errors : Output.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
