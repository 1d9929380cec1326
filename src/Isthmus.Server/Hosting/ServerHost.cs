// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Isthmus.Server;

/// <summary>The server as a process of its own: the Generic Host with systemd's notification and journal.</summary>
public static class ServerHost
{
    private static readonly TimeSpan BeyondDraining = TimeSpan.FromSeconds(5);

    /// <summary>Serves until SIGTERM, SIGINT or <paramref name="cancellation"/>, then drains.</summary>
    /// <param name="options">Validated options; missing paths are filled in (<see cref="DefaultPaths"/>).</param>
    /// <param name="output">Where the table of listeners goes.</param>
    /// <param name="readAgain">Reads the configuration again on SIGHUP, of which the <c>[[watch-rule]]</c>s are taken; null: SIGHUP ends the process.</param>
    /// <param name="cancellation">Stops it too.</param>
    /// <returns>The exit code: 0 after a stop, 1 when it could not start.</returns>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, Func<ConfigurationResult>? readAgain = null, CancellationToken cancellation = default)
    {
        var outcome = new ServeOutcome();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "isthmus" });
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "HH:mm:ss.fff ";
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.AddSystemd(); // no-op outside a unit; in one: journal format with levels, READY=1, STOPPING=1
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + BeyondDraining);
        builder.Services.AddSingleton(options.WithDefaultPaths());
        builder.Services.AddSingleton(new StartupNotice(output));
        builder.Services.AddSingleton(new ConfigurationSource(readAgain));
        builder.Services.AddSingleton(outcome);
        builder.Services.AddHostedService<ServerService>();
        using IHost host = builder.Build();
        try
        {
            await host.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (outcome.ExitCode != 0)
        {
            // The host gives up starting when the server says that it cannot.
        }

        return outcome.ExitCode;
    }
}
