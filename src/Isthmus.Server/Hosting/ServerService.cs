// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Hosting;

/// <summary>The server in the Generic Host: started with it, drained when it stops (SIGTERM, Ctrl-C).</summary>
internal sealed partial class ServerService(ServerOptions options, StartupNotice notice, ConfigurationSource source, ServeOutcome outcome, ILoggerFactory loggers, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<ServerService>();
    private IsthmusServer? _server;
    private Housekeeping? _housekeeping;
    private Reload? _reload;
    private PosixSignalRegistration? _hangUp;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (source.ReadAgain is { } read)
        {
            _reload = new(read, options.WatchRules.Count, _logger);
            _hangUp = _reload.Listen();
        }

        long? files = OpenFiles.Limit();
        int connections = OpenFiles.ConnectionsWithin(options.Limits.Connections, files);
        if (connections < options.Limits.Connections)
        {
            FewFiles(_logger, connections, options.Limits.Connections, files);
        }

        ServerOptions possible = options with { Limits = options.Limits with { Connections = connections } };
        ServerStart start = await IsthmusServer.StartAsync(possible, loggers: loggers).ConfigureAwait(false);
        foreach (string problem in start.Problems)
        {
            NotListening(_logger, problem);
        }

        if (start.Server is null)
        {
            outcome.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }

        _server = start.Server;
        StackCounters counters = _server.Stack.Counters;
        _housekeeping = new(TimeProvider.System, () => counters[StackCounter.MessagesReceived], () => GC.GetTotalAllocatedBytes(), IdleMemory.GiveBack);
        notice.Started(_server);
        Started(_logger, string.Join(", ", _server.Listeners), string.Join(" > ", _server.Steps));
        _reload?.Begin(_server.ChangeWatchRules);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return;
        }

        _reload?.End(); // the signal is heard until the process ends: it must not cut the draining short
        bool drained = await _server.DrainAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        Stopped(_logger, drained ? "everything was answered" : "the drain time ran out");
    }

    public void Dispose()
    {
        _hangUp?.Dispose();
        _housekeeping?.Dispose();
    }

    [LoggerMessage(3300, LogLevel.Information, "Listening on {Listeners}; a request goes through {Steps}")]
    private static partial void Started(ILogger logger, string listeners, string steps);

    [LoggerMessage(3301, LogLevel.Error, "{Problem}")]
    private static partial void NotListening(ILogger logger, string problem);

    [LoggerMessage(3303, LogLevel.Warning, "Takes {Connections} stream connections and not the {Configured} of limits.connections: this process may open only {Files} files (ulimit -n)")]
    private static partial void FewFiles(ILogger logger, int connections, int configured, long? files);

    [LoggerMessage(3302, LogLevel.Information, "Stopped: {How}")]
    private static partial void Stopped(ILogger logger, string how);
}

/// <summary>Where the configuration comes from.</summary>
/// <param name="ReadAgain">Reads it again; null: nobody can.</param>
internal sealed record ConfigurationSource(Func<ConfigurationResult>? ReadAgain);

/// <summary>What the process will say when it exits.</summary>
internal sealed class ServeOutcome
{
    public int ExitCode { get; set; }
}
