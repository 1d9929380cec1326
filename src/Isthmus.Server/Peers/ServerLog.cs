// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Peers;

/// <summary>
/// A line when a server of another domain turns bad, and one when it is good again; at most so many a minute, and how many there were beyond. Events 3400 to
/// 3499. From any thread.
/// </summary>
internal sealed partial class ServerLog(TimeProvider time, ILogger<ServerLog> logger) : ITargetObserver
{
    /// <summary>The lines of a minute.</summary>
    public const int Most = 60;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private long _changes;

    public void TurnedBad(SipTransport transport, IPEndPoint endPoint, TargetFault fault, TimeSpan? retryAfter, TimeSpan bad)
    {
        if (logger.IsEnabled(LogLevel.Warning) && IsToBeSaid())
        {
            Bad(logger, endPoint, transport.UriToken, PeerReport.TextOf(fault, retryAfter), (int)Math.Ceiling(bad.TotalSeconds));
        }
    }

    public void TurnedGood(SipTransport transport, IPEndPoint endPoint, TimeSpan bad)
    {
        if (logger.IsEnabled(LogLevel.Information) && IsToBeSaid())
        {
            Good(logger, endPoint, transport.UriToken, (int)Math.Ceiling(bad.TotalSeconds));
        }
    }

    private bool IsToBeSaid()
    {
        long unsaid = 0;
        bool isSaid;
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= Period)
            {
                (unsaid, _changes, _since) = (_changes - Most, 0, time.GetTimestamp());
            }

            isSaid = ++_changes <= Most;
        }

        if (unsaid > 0)
        {
            More(logger, unsaid);
        }

        return isSaid;
    }

    [LoggerMessage(3400, LogLevel.Warning, "Server {Server} ({Transport}) of another domain is bad: {Fault}; tried last for {Seconds} s and then asked by OPTIONS")]
    private static partial void Bad(ILogger logger, IPEndPoint server, string transport, string fault, int seconds);

    [LoggerMessage(3401, LogLevel.Information, "Server {Server} ({Transport}) of another domain answers again, after {Seconds} s")]
    private static partial void Good(ILogger logger, IPEndPoint server, string transport, int seconds);

    [LoggerMessage(3402, LogLevel.Warning, "{Changes} more servers of other domains turned bad or good in the minute before; `isthmus show peers` has them")]
    private static partial void More(ILogger logger, long changes);
}
