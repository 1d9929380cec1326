// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>Events 3100 to 3199.</summary>
internal static partial class RegistrarLog
{
    [LoggerMessage(3100, LogLevel.Debug, "{Aor} has {Bindings} bindings after a REGISTER by {Version}")]
    public static partial void Registered(ILogger logger, string aor, int bindings, string version);

    [LoggerMessage(3101, LogLevel.Information, "REGISTER for {To} from {Source} refused: {Status} {Reason} (said once a minute)")]
    public static partial void Refused(ILogger logger, string to, string source, int status, string reason);

    [LoggerMessage(3102, LogLevel.Information, "{Refused} more REGISTERs were refused in the minute before, for reasons and from sources that were named")]
    public static partial void RefusedMore(ILogger logger, long refused);
}
