// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Messaging;

/// <summary>Events 3600 to 3699.</summary>
internal static partial class MessageLog
{
    [LoggerMessage(3600, LogLevel.Information, "{Messages} messages wait for users who were not there")]
    public static partial void Loaded(ILogger logger, int messages);

    [LoggerMessage(3601, LogLevel.Debug, "A message of {Sender} waits for {Aor}")]
    public static partial void Kept(ILogger logger, string sender, string aor);

    [LoggerMessage(3602, LogLevel.Debug, "A message of {Sender} to {Aor} was delivered after {Seconds} s")]
    public static partial void Delivered(ILogger logger, string sender, string aor, long seconds);

    [LoggerMessage(3603, LogLevel.Warning, "A message of {Sender} to {Aor} is given up: {Why}")]
    public static partial void GivenUp(ILogger logger, string sender, string aor, string why);

    [LoggerMessage(3604, LogLevel.Debug, "A message of {Sender} could not be delivered to {Aor} now: {Why}")]
    public static partial void NotNow(ILogger logger, string sender, string aor, string why);

    [LoggerMessage(3605, LogLevel.Warning, "A message of {Sender} to {Aor} is not kept: {Why} (said once a minute)")]
    public static partial void NotKept(ILogger logger, string sender, string aor, KeepOutcome why);

    [LoggerMessage(3606, LogLevel.Warning, "{Unsaid} more messages were not kept in the minute before")]
    public static partial void NotKeptMore(ILogger logger, long unsaid);
}
