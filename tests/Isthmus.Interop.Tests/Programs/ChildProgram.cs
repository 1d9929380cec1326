// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>A program that a test started: its input, its output, and its end. Only this process and its children are ever ended.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private ChildProgram(string name, Process process)
    {
        Name = name;
        _process = process;
        _reading = ReadAsync();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public ProgramOutput Output { get; } = new();

    public bool HasExited => _process.HasExited;

    /// <summary>Where the program lies, or null when it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin:/usr/local/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Skips the running test when the program is not installed.</summary>
    public static string Require(string program, string package)
    {
        var path = Find(program);
        Assert.SkipWhen(path is null, $"{program} is not installed: apt-get install {package}");
        return path!;
    }

    public static ChildProgram Start(string program, IEnumerable<string> arguments, string folder, TestHost? host = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] command = [.. host?.Prefix ?? [], program, .. arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProgram(Path.GetFileName(program), Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line; fails the test with everything the program said when it does not come.</summary>
    public async Task<Match> SaysAsync(Regex pattern, int from = 0, TimeSpan? within = null)
    {
        var match = await Output.FindAsync(pattern, from, within ?? Eventually.Patience);
        Assert.True(match is not null, $"{Name} did not say /{pattern}/. It said:\n{Output.Text}");
        return match!;
    }

    public Task<Match> SaysAsync(string pattern, int from = 0, TimeSpan? within = null) => SaysAsync(new Regex(pattern), from, within);

    /// <summary>Whether somebody in the program's network namespace has this port open.</summary>
    public bool IsBound(IPEndPoint local, bool tcp)
    {
        var version = local.AddressFamily == AddressFamily.InterNetworkV6 ? "6" : "";
        try
        {
            return File.ReadLines($"/proc/{Id}/net/{(tcp ? "tcp" : "udp")}{version}").Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].EndsWith($":{local.Port:X4}", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }

    /// <summary>Waits for the end of the program and returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within ?? Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Name} did not end. It said:\n{Output.Text}");
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Ends the program at once, as <c>kill -9</c> does, with its children.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Asks the program to end by a signal (<c>TERM</c>, <c>INT</c>, <c>HUP</c>…).</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.WhenAll(Output.ReadAsync(_process.StandardOutput), Output.ReadAsync(_process.StandardError));
        Output.End();
    }
}
