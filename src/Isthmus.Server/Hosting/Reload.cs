// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Isthmus.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Hosting;

/// <summary>
/// The configuration is read again when somebody asks for it (SIGHUP): who may watch whom is taken from it; all else needs a new start. One reading after the other, so that
/// the rules that were written last are those that hold; who asks before the server has started is heard then.
/// </summary>
/// <param name="read">Reads the configuration.</param>
/// <param name="rules">How many rules there are now.</param>
/// <param name="logger">Says what came of it.</param>
internal sealed partial class Reload(Func<ConfigurationResult> read, int rules, ILogger logger)
{
    private readonly Lock _lock = new();
    private Action<IReadOnlyList<WatchRule>>? _change;
    private int _rules = rules;
    private bool _isAsked;
    private volatile bool _hasEnded;

    /// <summary>From now on SIGHUP asks, instead of ending the process, until the registration is disposed.</summary>
    public PosixSignalRegistration Listen() => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        Ask();
    });

    /// <summary>The server is there.</summary>
    /// <param name="change">Gets the rules.</param>
    public void Begin(Action<IReadOnlyList<WatchRule>> change)
    {
        lock (_lock)
        {
            _change = change;
        }

        if (Volatile.Read(ref _isAsked))
        {
            Take();
        }
    }

    /// <summary>The configuration has changed. Throws nothing: who asks is a signal, and has nobody to tell.</summary>
    public void Ask()
    {
        if (!Interlocked.Exchange(ref _isAsked, true)) // else it has not been read yet since somebody asked, and will be
        {
            Take();
        }
    }

    /// <summary>The server ends; nothing is read any more.</summary>
    public void End() => _hasEnded = true;

    private void Take()
    {
        lock (_lock)
        {
            try
            {
                TakeOne();
            }
#pragma warning disable CA1031 // The rules stay as they are; the process goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Tell(fault);
            }
        }
    }

    private void TakeOne()
    {
        if (_change is null || _hasEnded || !Interlocked.Exchange(ref _isAsked, false))
        {
            return;
        }

        ConfigurationResult configuration = read();
        if (_hasEnded)
        {
            return;
        }

        if (!configuration.IsValid)
        {
            NotReloaded(logger, null, string.Join("; ", configuration.Findings));
            return;
        }

        IReadOnlyList<WatchRule> rules = configuration.Options.WatchRules;
        _change(rules);
        (int before, _rules) = (_rules, rules.Count);
        Reloaded(logger, rules.Count == 0 && before > 0 ? LogLevel.Warning : LogLevel.Information, rules.Count, before);
    }

    private void Tell(Exception fault)
    {
        try
        {
            NotReloaded(logger, fault, $"{fault.GetType().Name}: {fault.Message}");
        }
#pragma warning disable CA1031 // There is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It is the log that fails.
        }
    }

    [LoggerMessage(EventId = 3304, Message = "The configuration was read again: {Rules} rules say who may watch whom, where there were {Before} before; what else has changed needs a new start")]
    private static partial void Reloaded(ILogger logger, LogLevel level, int rules, int before);

    [LoggerMessage(3305, LogLevel.Error, "The configuration was to be read again and is not taken: {Findings}")]
    private static partial void NotReloaded(ILogger logger, Exception? fault, string findings);
}
