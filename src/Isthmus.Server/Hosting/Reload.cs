// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Hosting;

/// <summary>On SIGHUP the configuration is read again. Who may watch whom is taken from it; all else needs a new start.</summary>
internal sealed partial class Reload : IDisposable
{
    private readonly PosixSignalRegistration _signal;

    /// <param name="server">Gets the rules.</param>
    /// <param name="read">Reads the configuration.</param>
    /// <param name="logger">Says what came of it.</param>
    public Reload(IsthmusServer server, Func<ConfigurationResult> read, ILogger logger) => _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true; // else the process would end
        ConfigurationResult configuration = read();
        if (!configuration.IsValid)
        {
            NotReloaded(logger, string.Join("; ", configuration.Findings));
            return;
        }

        server.ChangeWatchRules(configuration.Options.WatchRules);
        Reloaded(logger, configuration.Options.WatchRules.Count);
    });

    public void Dispose() => _signal.Dispose();

    [LoggerMessage(3304, LogLevel.Information, "The configuration was read again: {Rules} rules say who may watch whom; what else has changed needs a new start")]
    private static partial void Reloaded(ILogger logger, int rules);

    [LoggerMessage(3305, LogLevel.Error, "The configuration was read again and is not taken: {Findings}")]
    private static partial void NotReloaded(ILogger logger, string findings);
}
