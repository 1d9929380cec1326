// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server.Peers;

public sealed class ServerLogTests
{
    private static readonly IPEndPoint One = IPEndPoint.Parse("[2001:db8::60]:5060");

    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public void Server_ThatDiesAndComesBack_IsTwoLines()
    {
        TargetHealth health = Health();
        health.Failed(SipTransport.Udp, One, fault: TargetFault.Refused);
        health.Failed(SipTransport.Udp, One, fault: TargetFault.Silent); // the same failure
        _time.Advance(TimeSpan.FromSeconds(31));
        health.Failed(SipTransport.Udp, One); // it has not been back
        _time.Advance(TimeSpan.FromSeconds(9));
        health.Answered(SipTransport.Udp, One);
        health.Answered(SipTransport.Udp, One);
        Assert.Equal(
            [
                (LogLevel.Warning, "Server [2001:db8::60]:5060 (udp) of another domain is bad: refused; tried last for 30 s and then asked by OPTIONS"),
                (LogLevel.Information, "Server [2001:db8::60]:5060 (udp) of another domain answers again, after 40 s"),
            ],
            _lines.Written);
    }

    [Fact]
    public void Server_ThatAskedToBeSpared_ForHowLong()
    {
        Health().Failed(SipTransport.Tcp, One, TimeSpan.FromSeconds(90), TargetFault.Unavailable);
        Assert.Contains("(tcp) of another domain is bad: 503, asked for 90 s; tried last for 90 s", Assert.Single(_lines.Written).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_ManyAtOnce_AreCountedBeyondTheBound()
    {
        TargetHealth health = Health();
        for (int i = 0; i < 1000; i++)
        {
            health.Failed(SipTransport.Udp, new IPEndPoint(One.Address, 1 + i));
        }

        Assert.Equal(ServerLog.Most, _lines.Written.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        health.Answered(SipTransport.Udp, new IPEndPoint(One.Address, 1));
        Assert.Equal(ServerLog.Most + 2, _lines.Written.Count);
        Assert.StartsWith("940 more servers of other domains turned bad or good", _lines.Written[^2].Text, StringComparison.Ordinal);
    }

    private TargetHealth Health() => new(new TargetHealthOptions(), _time, new ServerLog(_time, _lines));

    private sealed class Lines : ILogger<ServerLog>
    {
        public List<(LogLevel Level, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel, formatter(state, exception)));
    }
}
