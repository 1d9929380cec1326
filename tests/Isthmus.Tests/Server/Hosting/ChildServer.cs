// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Isthmus.Server;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Server.Hosting;

/// <summary>A server in a process of its own, which a test may kill: the same test once more, which serves there for as long as the process that started it lives.</summary>
internal sealed class ChildServer : IDisposable
{
    private const string FolderVariable = "ISTHMUS_TEST_SERVER_FOLDER";
    private const string ArgumentVariable = "ISTHMUS_TEST_SERVER_ARGUMENT";
    private const string PortVariable = "ISTHMUS_TEST_SERVER_PORT";
    private const int Killed = 137; // by SIGKILL

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    /// <param name="test">The test: its type's full name, a dot, and its own.</param>
    /// <param name="folder">For the store, and for what the two processes say to each other.</param>
    /// <param name="argument">What the child is told.</param>
    /// <param name="port">What it is to listen on; 0: any one.</param>
    public ChildServer(string test, TemporaryFolder folder, string argument = "", int port = 0)
    {
        _folder = folder;
        File.Delete(folder["port"]);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "--filter-method", test, "--progress", "off" },
            Environment = { [FolderVariable] = folder.Path, [ArgumentVariable] = argument, [PortVariable] = $"{port}" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>What a test that finds itself in the child is to do; null: it is the one who started it.</summary>
    public static (string Folder, string Argument, int Port)? Task => Environment.GetEnvironmentVariable(FolderVariable) is { } folder
        ? (folder, Environment.GetEnvironmentVariable(ArgumentVariable)!, int.Parse(Environment.GetEnvironmentVariable(PortVariable)!, CultureInfo.InvariantCulture))
        : null;

    /// <summary>In the child: tells the first UDP port, and serves until the end.</summary>
    public static async Task ServeAsync(string folder, ServerStart start)
    {
        Assert.NotNull(start.Server);
        await File.WriteAllTextAsync(Path.Combine(folder, "port.new"), $"{IsthmusServerTests.UdpOf(start.Server, "127.0.0.1").Port}");
        File.Move(Path.Combine(folder, "port.new"), Path.Combine(folder, "port"));
        await Console.In.ReadToEndAsync(); // ends with the process that started this one, so that none is left over
    }

    /// <summary>Where it serves, once it does.</summary>
    public async Task<IPEndPoint> ServesAtAsync(Patience patience)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(_folder["port"]))
        {
            Assert.False(_process.HasExited, "the server ended by itself");
            await tick.WaitForNextTickAsync(patience.Token);
        }

        patience.Renew();
        return new IPEndPoint(IPAddress.Loopback, int.Parse(await File.ReadAllTextAsync(_folder["port"], patience.Token), CultureInfo.InvariantCulture));
    }

    /// <summary>Kills it with SIGKILL.</summary>
    public Task KillAsync(Patience patience)
    {
        _process.Kill();
        return DiesAsync(patience);
    }

    /// <summary>Waits until it has killed itself, with SIGKILL: an end of its own is not meant.</summary>
    public async Task DiesAsync(Patience patience)
    {
        await _process.WaitForExitAsync(patience.Token);
        patience.Renew();
        Assert.Equal(Killed, _process.ExitCode);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
