// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Sip.Stack;

internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Information, "Listening on {Listener}")]
    public static partial void Listening(this ILogger logger, Listener listener);

    // Whoever started the stack has it in the result and says it.
    [LoggerMessage(101, LogLevel.Debug, "Not listening: {Reason}")]
    public static partial void NotListening(this ILogger logger, string reason);

    [LoggerMessage(102, LogLevel.Debug, "Connection {Flow} closed: {Reason}")]
    public static partial void ConnectionClosed(this ILogger logger, Flow flow, string reason);

    [LoggerMessage(103, LogLevel.Error, "An exception at {Place}: its datagram is lost, or its connection; the others go on")]
    public static partial void Faulted(this ILogger logger, object place, Exception fault);
}
