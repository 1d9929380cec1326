// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Storing;

/// <summary>Events 3500 to 3599.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(3500, LogLevel.Error, "The store {Store} cannot be written, {Pieces} changes are refused: {Problem}")]
    public static partial void NotWritten(ILogger logger, string store, int pieces, string problem);

    [LoggerMessage(3501, LogLevel.Error, "A {Work} failed; the writer goes on")]
    public static partial void Faulted(ILogger logger, Exception fault, string work);

    [LoggerMessage(3502, LogLevel.Debug, "Wrote {Pieces} changes in one transaction")]
    public static partial void Written(ILogger logger, int pieces);
}
