// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Diagnostics;
using Isthmus.Sip;
using Microsoft.Extensions.Logging;

namespace Isthmus.Tests.Server.Diagnostics;

public sealed class VerdictLogTests
{
    private static readonly VerdictReport Redirect = new(
        "c1@host", IpVersion.V6, IpVersions.V6, "sip:bob@example.com", "redirect", IpVersion.V4, "ArrivalNotShared", SipTransport.Tcp, JudgeMethod.Arrival);

    [Fact]
    public void Judged_AVerdict_IsOneLineWithAStableEventId()
    {
        var logger = new Lines();
        using var metrics = new ServerMetrics();

        new VerdictLog(logger, metrics).Judged(Redirect);

        Assert.Equal(
            [(3200, "Verdict redirect IPv4 (ArrivalNotShared): arrived on IPv6 TCP, offer IPv6, for sip:bob@example.com, method arrival, Call-ID c1@host")],
            logger.Written);
    }

    [Fact]
    public void Judged_AVerdict_IsCountedByVersionTransportAndReason()
    {
        using var metrics = new ServerMetrics();
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ServerMetrics.MeterName && instrument.Name == "isthmus.verdicts")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add(value + " " + string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();

        new VerdictLog(new Lines(), metrics).Judged(Redirect);

        Assert.Contains("1 network.transport=tcp network.type=ipv6 isthmus.verdict=redirect isthmus.reason=ArrivalNotShared", counted);
    }

    private sealed class Lines : ILogger<VerdictLog>
    {
        public List<(int, string)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((eventId.Id, formatter(state, exception)));
    }
}
