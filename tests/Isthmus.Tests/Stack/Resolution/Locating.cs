// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>A locator over a fake DNS and a clock that stands still.</summary>
internal sealed class Locating
{
    private SipLocator? _locator;

    public SipLocator Locator => _locator ??= new SipLocator(Options, Dns, Reach, Time, Random);

    public FakeDns Dns { get; } = new();

    public FakeReach Reach { get; } = new();

    public SimulatedTime Time { get; } = new();

    public LocatorOptions Options { get; init; } = new();

    public Random Random { get; init; } = new(3263);

    public List<DnsStep> Trail { get; } = [];

    public Task<LocateResult> StartAsync(string uri, bool isSecure = false, CancellationToken cancellationToken = default)
    {
        Assert.True(SipUri.TryParse(uri, out var parsed));
        return Locator.LocateAsync(parsed, isSecure, Trail, cancellationToken).AsTask();
    }

    /// <summary>Locates where nothing has to be waited for.</summary>
    public async Task<LocateResult> FindAsync(string uri, bool isSecure = false) => await StartAsync(uri, isSecure).WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<string> ListAsync(string uri, bool isSecure = false) => Text(await FindAsync(uri, isSecure));

    /// <summary>The targets as text, such as <c>udp 192.0.2.1:5060, tcp [2001:db8::1]:5060</c>, or the failure.</summary>
    public static string Text(LocateResult result) =>
        result.Failure?.ToString() ?? string.Join(", ", result.Targets.Select(target => $"{target.Transport.UriToken} {HostPort.From(target.EndPoint)}"));

    /// <summary>Moves the clock to the time at which its next timer is due, once that timer is there, and runs what is due then.</summary>
    public async Task JumpAsync(TimeSpan since, DateTimeOffset start)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Time.NextDue != start + since)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        while (Time.RunNext(start + since))
        {
        }
    }
}
