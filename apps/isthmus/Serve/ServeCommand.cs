// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Server;

namespace Isthmus.App.Serve;

/// <summary>`isthmus serve`: the server.</summary>
internal static class ServeCommand
{
    private const string StandardFile = "isthmus.toml";

    public static Command Create()
    {
        var config = new Option<FileInfo?>("--config", "-c") { Description = $"configuration file (default: {StandardFile} in this folder when it is there; none is needed)" };
        var command = new Command("serve", "Serve your domains: registrar, location service, judge and proxy on IPv4 and IPv6. Stops on SIGTERM or Ctrl-C after answering what is in flight; SIGHUP reads the [[watch-rule]]s of the file again.") { config };
        command.SetAction(async (parsed, cancellation) =>
        {
            string? path = parsed.GetValue(config)?.ToString() ?? (File.Exists(StandardFile) ? StandardFile : null);
            ConfigurationResult configuration = path is null ? ConfigurationFile.Parse("", "environment", ConfigurationFile.ProcessEnvironment()) : Load(path);
            if (!configuration.IsValid)
            {
                return Findings.Show(configuration.Findings);
            }

            return await ServerHost.RunAsync(configuration.Options, Console.Out, path is null ? null : () => Load(path), cancellation);
        });
        return command;
    }

    private static ConfigurationResult Load(string path) => ConfigurationFile.Load(path, ConfigurationFile.ProcessEnvironment());
}
