// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Isthmus.Load;

/// <summary>A program pinned to its processors, with a folder of its own that goes with it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int Terminate = 15;
    private const int MostOutput = 16_384;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public int Id => _process.Id;

    /// <summary>How it ended and what it said; null while it runs.</summary>
    public string? Fault => _process.HasExited ? $"{_process.StartInfo.ArgumentList[5]} ended with code {_process.ExitCode}:\n{Output}" : null;

    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
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
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Length < MostOutput)
            {
                _output.AppendLine(line);
            }
        }
    }
}
