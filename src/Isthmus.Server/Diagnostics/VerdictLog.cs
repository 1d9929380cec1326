// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Diagnostics;

/// <summary>Every verdict is one log line and one count.</summary>
internal sealed partial class VerdictLog(ILogger<VerdictLog> logger, ServerMetrics metrics) : IVerdictObserver
{
    public bool IsListening => metrics.CountsVerdicts || logger.IsEnabled(LogLevel.Information);

    public void Judged(in VerdictReport report)
    {
        metrics.Verdict(report);
        if (logger.IsEnabled(LogLevel.Information))
        {
            Line(
                logger, report.Verdict, report.Version?.DisplayName ?? "-", report.Reason, report.Arrival.DisplayName, report.Transport.Token,
                Shown(report.Offer), report.Target, report.Method.ToString().ToLowerInvariant(), report.CallId);
        }
    }

    private static string Shown(IpVersions? offer) => offer switch
    {
        null => "unknown",
        IpVersions.None => "none",
        IpVersions.Both => "both",
        { } one => one.Single!.Value.DisplayName,
    };

    [LoggerMessage(
        3200,
        LogLevel.Information,
        "Verdict {Verdict} {Version} ({Reason}): arrived on {Arrival} {Transport}, offer {Offer}, for {Target}, method {Method}, Call-ID {CallId}")]
    private static partial void Line(
        ILogger logger, string verdict, string version, string reason, string arrival, string transport, string offer, string target, string method, string callId);
}
