// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Location;

/// <summary>Events 3000 to 3099.</summary>
internal static partial class LocationLog
{
    [LoggerMessage(3000, LogLevel.Information, "{Bindings} bindings of {Aors} addresses-of-record loaded from {Store}")]
    public static partial void Loaded(ILogger logger, int bindings, int aors, string store);

    [LoggerMessage(3002, LogLevel.Debug, "Committed {Changes} changes of bindings in one transaction")]
    public static partial void Committed(ILogger logger, int changes);

    [LoggerMessage(3003, LogLevel.Error, "A change of {Aor} failed; the writer goes on")]
    public static partial void ChangeFaulted(ILogger logger, Exception fault, string aor);

    [LoggerMessage(3001, LogLevel.Error, "The store {Store} cannot be written, registrations are answered 503: {Problem}")]
    public static partial void StoreFailed(ILogger logger, string store, string problem);

    [LoggerMessage(3004, LogLevel.Warning, "The journal of the store {Store} cannot be folded into its table, it grows until it can: {Problem}")]
    public static partial void TidyFailed(ILogger logger, string store, string problem);
}
