// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Isthmus.Load;

/// <summary>A program pinned to its processors, with a folder of its own that goes with it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int Terminate = 15;
    private const int LastLines = 20;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _log = new();

    // Never disposed: it has no timer, and the process may end while this is.
    private readonly CancellationTokenSource _ended = new();

    private ServerProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Is cancelled as soon as it has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>How it ended and what it said last, once it has: <c>ended with code 1: …</c>.</summary>
    public string End
    {
        get
        {
            _ = _process.WaitForExitAsync().Wait(LastWords); // which waits for its output too
            lock (_log)
            {
                return $"ended with code {_process.ExitCode} while it was measured; the end of its log:{(_log.Count == 0 ? " (nothing)" : "")}{string.Concat(_log.Select(line => "\n  " + line))}";
            }
        }
    }

    /// <param name="folder">Its own; deleted at the end.</param>
    /// <param name="processors">As <c>taskset</c> lists them.</param>
    /// <param name="program">And its arguments.</param>
    /// <param name="environment">Added to ours.</param>
    /// <exception cref="LoadException">It cannot be started.</exception>
    public static ServerProcess Start(string folder, string processors, IReadOnlyList<string> program, IReadOnlyDictionary<string, string> environment)
    {
        // A server never outlives the program that measures it, however that ends.
        var start = new ProcessStartInfo("setpriv") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--pdeathsig", "TERM", "taskset", "--cpu-list", processors, .. program])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var server = new ServerProcess(Process.Start(start)!, folder);
            server.Listen();
            return server;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new LoadException("setpriv and taskset are not installed; install them with: apt-get install util-linux");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = LinuxCalls.Signal(_process.Id, Terminate);
            if (!_process.WaitForExit(StopTime))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Listen()
    {
        _process.Exited += (_, _) => _ended.Cancel();
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            if (line is not null)
            {
                _log.Enqueue(line);
            }

            if (_log.Count > LastLines)
            {
                _log.Dequeue();
            }
        }
    }
}
