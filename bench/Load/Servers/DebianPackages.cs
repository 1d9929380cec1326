// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;

namespace Isthmus.Load;

/// <summary>Other people's programs, from Debian.</summary>
internal sealed class DebianPackages
{
    /// <summary>The program that installs.</summary>
    public string AptGet { get; init; } = "apt-get";

    /// <summary>Whether this user may install.</summary>
    public bool IsRoot { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary>How long a call of the program may take.</summary>
    public TimeSpan LongestTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Is told what is done.</summary>
    public IProgress<string> Progress { get; init; } = new ErrorProgress();

    /// <summary>Installs packages, and says so, for it takes a while. What it installs is not started.</summary>
    /// <exception cref="LoadException">This is not Debian, this user is not root, or apt-get failed or took too long.</exception>
    public void Install(params string[] packages)
    {
        string names = string.Join(' ', packages);
        if (!IsRoot)
        {
            throw new LoadException($"{names} is not installed, and only root may do that: apt-get install {names}");
        }

        Progress.Report($"apt-get install {names}");
        Run(names, ["update", "--quiet=2"]);
        Run(names, ["install", "--yes", "--quiet=2", "--no-install-recommends", .. packages]);
    }

    private void Run(string names, string[] arguments)
    {
        var start = new ProcessStartInfo(AptGet, arguments) { RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        start.Environment["RUNLEVEL"] = "1"; // invoke-rc.d(8): no service begins
        try
        {
            using Process apt = Process.Start(start)!;
            apt.OutputDataReceived += (_, _) => { };
            apt.BeginOutputReadLine();
            if (!apt.WaitForExit(LongestTime))
            {
                apt.Kill(entireProcessTree: true);
                throw new LoadException($"apt-get did not end within {LongestTime.TotalMinutes:F0} minutes; try by hand: apt-get install {names}");
            }

            if (apt.ExitCode != 0)
            {
                throw new LoadException($"apt-get {arguments[0]} ended with {apt.ExitCode}, see above; needed: {names}");
            }
        }
        catch (Win32Exception)
        {
            throw new LoadException($"{names} is not installed, and there is no apt-get");
        }
    }
}
