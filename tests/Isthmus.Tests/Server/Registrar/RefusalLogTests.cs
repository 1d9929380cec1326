// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Server.Registrar;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server.Registrar;

public sealed class RefusalLogTests
{
    private static readonly Refusal TooBrief = new(423, "Interval Too Brief");

    [Fact]
    public void Refused_AgainAndAgain_IsSaidOnceAMinuteAndCounted()
    {
        var time = new FakeTimeProvider();
        var lines = new Lines();
        var log = new RefusalLog(time, lines);
        for (int i = 0; i < 1000; i++)
        {
            log.Refused(Received(IpVersion.V4), TooBrief);
        }

        log.Refused(Received(IpVersion.V6), TooBrief);
        log.Refused(Received(IpVersion.V4), new(404, "Nobody"));
        Assert.Equal(3, lines.Written.Count);
        Assert.Equal("REGISTER for sip:alice@example.com from 192.0.2.7 refused: 423 Interval Too Brief (said once a minute)", lines.Written[0]);

        time.Advance(TimeSpan.FromMinutes(1));
        log.Refused(Received(IpVersion.V4), TooBrief);
        Assert.Equal(5, lines.Written.Count);
        Assert.StartsWith("999 more REGISTERs were refused", lines.Written[3], StringComparison.Ordinal);
    }

    private static ReceivedRequest Received(IpVersion version) => new(RegistrarBench.Request(version, "a", 1, []), RegistrarBench.FlowOf(version));

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)}"));
    }
}
