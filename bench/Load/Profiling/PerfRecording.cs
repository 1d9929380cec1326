// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Load;

/// <summary><c>perf record</c> of a running server, by the processor's clock.</summary>
internal sealed class PerfRecording : IDisposable
{
    private const int Interrupt = 2;
    private const string SamplesPerSecond = "1999";

    private readonly Process _perf;
    private readonly string _folder = Directory.CreateTempSubdirectory("load-perf-").FullName;

    /// <param name="processId">The server's.</param>
    /// <exception cref="LoadException">perf is not installed.</exception>
    public PerfRecording(int processId)
    {
        string id = processId.ToString(CultureInfo.InvariantCulture);
        _perf = Start(["record", "--quiet", "-e", "cpu-clock", "-F", SamplesPerSecond, "-g", "-p", id, "-o", DataFile]);
    }

    private string DataFile => Path.Combine(_folder, "perf.data");

    /// <summary>Ends it, and counts the stacks.</summary>
    /// <exception cref="LoadException">perf has recorded nothing.</exception>
    public StackFolder Finish()
    {
        _ = LinuxCalls.Signal(_perf.Id, Interrupt);
        string fault = _perf.StandardError.ReadToEnd();
        _perf.WaitForExit();
        var folder = new StackFolder();
        using Process script = Start(["script", "-i", DataFile, "-F", "comm,tid,time,event,ip,sym,dso"]);
        Task<string> errors = script.StandardError.ReadToEndAsync();
        while (script.StandardOutput.ReadLine() is { } line)
        {
            folder.Add(line);
        }

        script.WaitForExit();
        folder.End();
        return folder.Stacks.Count > 0 ? folder : throw new LoadException($"perf has recorded nothing: {fault} {errors.Result}");
    }

    public void Dispose()
    {
        if (!_perf.HasExited)
        {
            _perf.Kill();
            _perf.WaitForExit();
        }

        _perf.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new LoadException("perf is not installed; install it with: apt-get install linux-perf");
        }
    }
}
