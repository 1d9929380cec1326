// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Isthmus.Lab;

/// <summary>A program that the lab started inside a namespace: what it says goes to a file. Disposing ends it, and only it and its children.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan PoliteEnd = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Task _reading;
    private readonly Lock _lock = new();

    private RunningProgram(string name, Process process, string logFile)
    {
        Name = name;
        _process = process;
        _log = new StreamWriter(logFile);
        _reading = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a command inside a namespace, in a working folder.</summary>
    public static RunningProgram Start(string name, IpTool ip, NetworkNamespace inside, IReadOnlyList<string> command, string folder, string logFile)
    {
        IReadOnlyList<string> whole = inside.Command(ip.Path, command);
        Process process = Process.Start(new ProcessStartInfo(whole[0], whole.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new IOException($"{command[0]} did not start");
        return new RunningProgram(name, process, logFile);
    }

    /// <summary>Types a line.</summary>
    public async Task TypeAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteAsync(line + "\n");
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has just ended; whoever waits for what it should do sees that.
        }
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Ask() => _ = HasExited ? 0 : LinuxCalls.Signal(_process.Id, LinuxCalls.Terminate);

    /// <summary>Whether somebody in its namespace has that port of its own open.</summary>
    public bool IsBound(IPEndPoint local, bool tcp)
    {
        string table = $"/proc/{_process.Id}/net/{(tcp ? "tcp" : "udp")}{(local.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "6" : "")}";
        string port = string.Create(CultureInfo.InvariantCulture, $":{local.Port:X4}");
        try
        {
            return File.ReadLines(table).Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var address, ..] && address.EndsWith(port, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    /// <summary>Waits for its end; false when it goes on.</summary>
    public async Task<bool> EndsAsync(TimeSpan within)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(within);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Ask();
        if (!await EndsAsync(PoliteEnd))
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task CopyAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _log.WriteLine(line);
            }
        }
    }
}
