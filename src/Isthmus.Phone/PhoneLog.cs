// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Microsoft.Extensions.Logging;

namespace Isthmus.Phone;

internal static partial class PhoneLog
{
    [LoggerMessage(5001, LogLevel.Information, "{Account}: {Version} {Phase} {Status} {Reason}")]
    public static partial void Registration(ILogger logger, string account, string version, RegistrationPhase phase, int status, string reason);

    [LoggerMessage(5002, LogLevel.Information, "call {CallId} with {Remote}: {Phase} {Version} {Status}")]
    public static partial void CallState(ILogger logger, string callId, string remote, CallPhase phase, string version, int status);

    [LoggerMessage(5003, LogLevel.Information, "call {CallId} with {Remote} ended: {Outcome} {Status} {Reason}")]
    public static partial void CallEnded(ILogger logger, string callId, string remote, CallOutcome outcome, int status, string reason);

    [LoggerMessage(5004, LogLevel.Error, "call {CallId}: its media could not be closed in order")]
    public static partial void MediaNotClosed(ILogger logger, Exception fault, string callId);

    [LoggerMessage(5005, LogLevel.Information, "message {CallId} from {Sender} by {Version}: {Octets} octets")]
    public static partial void MessageReceived(ILogger logger, string callId, string sender, string version, int octets);

    [LoggerMessage(5006, LogLevel.Information, "message {CallId} to {Receiver}: {Outcome} {Status} {Reason}")]
    public static partial void MessageSent(ILogger logger, string callId, string receiver, MessageOutcome outcome, int status, string reason);

    public static void Write(ILogger logger, PhoneEvent happening)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        switch (happening)
        {
            case RegistrationChanged { State: var state, Account: var account }:
                Registration(logger, account.Address, state.Version.DisplayName, state.Phase, state.Status, state.Reason);
                break;
            case CallChanged { State.Result: { } result, Call: var call }:
                CallEnded(logger, call.Id, call.RemoteAddress, result.Outcome, result.Status, result.Reason);
                break;
            case CallChanged { State: var state, Call: var call }:
                CallState(logger, call.Id, call.RemoteAddress, state.Phase, state.Version?.DisplayName ?? "", state.Status);
                break;
        }
    }
}
