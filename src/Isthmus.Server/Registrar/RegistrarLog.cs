// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>Events 3100 to 3199.</summary>
internal static partial class RegistrarLog
{
    [LoggerMessage(3100, LogLevel.Debug, "{Aor} has {Bindings} bindings after a REGISTER by {Version}")]
    public static partial void Registered(ILogger logger, string aor, int bindings, string version);

    [LoggerMessage(3101, LogLevel.Information, "REGISTER for {To} refused: {Status} {Reason}")]
    public static partial void Refused(ILogger logger, string to, int status, string reason);
}
