// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Lab;

/// <summary>What the lab needs of the machine.</summary>
public static class LabRequirements
{
    /// <summary>What is missing here to run that row, each in one line that says what to do; empty when nothing is.</summary>
    /// <param name="row">The row.</param>
    /// <param name="settings">How it is to be run.</param>
    /// <param name="command">How the command was called, for the advice to call it as root.</param>
    public static IReadOnlyList<string> Missing(LabRow row, LabSettings settings, string command)
    {
        List<string> missing = Missing(command);
        if (!OperatingSystem.IsLinux())
        {
            return missing;
        }

        settings = row.Defaults(settings);
        LabNetwork network = settings.Network ?? row.Networks[0];
        if (network.Domains.Any(domain => domain.NameServer is not null) && KnotServer.Tool is null)
        {
            missing.Add(ToolBox.Missing(KnotServer.Name, KnotServer.Package));
        }

        missing.AddRange(new[] { row.Figure.Caller.Name, row.Figure.Callee.Name }.Select(settings.ProgramOf).Distinct().Select(TerminalPrograms.Missing).OfType<string>());
        missing.AddRange(row.Figure.Servers.Select(settings.ProgramOf).Distinct().Select(ServerPrograms.Missing).OfType<string>());
        if (row.Figure.PresenceServer is { } place && ServerPrograms.MissingForPresence(settings.ProgramOf(place)) is { } more)
        {
            missing.Add(more);
        }

        return missing;
    }

    /// <summary>What is missing here to measure these cases of failover, or without any what needs no other program than ours.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<FailoverCase> cases, string command)
    {
        List<string> missing = Missing(command);
        if (cases.Count > 0 && KnotServer.Tool is null)
        {
            missing.Add(ToolBox.Missing(KnotServer.Name, KnotServer.Package));
        }

        missing.AddRange(cases.Select(one => one.Server).Distinct().Select(ServerPrograms.Missing).OfType<string>());
        return missing;
    }

    private static List<string> Missing(string command)
    {
        var missing = new List<string>();
        if (!OperatingSystem.IsLinux())
        {
            missing.Add("the lab makes network namespaces, which only Linux has");
            return missing;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            missing.Add($"the lab makes network namespaces and captures packets, which only root may do: sudo {command}");
        }

        if (ToolBox.Find("ip") is null)
        {
            missing.Add(ToolBox.Missing("ip", IpTool.Package));
        }

        return missing;
    }
}
