// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class DnsCacheTests
{
    private const string Name = "example.com";

    private readonly SimulatedTime _time = new();
    private readonly FakeDns _dns = new();
    private readonly DnsCacheOptions _options = new() { MaxEntries = 3, MaxQueries = 2, MaxRecords = 100, MaxTimeToLive = TimeSpan.FromHours(2) };
    private readonly DnsCache _cache;

    public DnsCacheTests() => _cache = new DnsCache(_dns, _options, _time);

    private int Asked => _dns.Count(Name, DnsType.A);

    private Task<CachedReply> StartAsync(string name = Name, DnsType type = DnsType.A) => _cache.LookUpAsync(name, type, default).AsTask();

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task LookUp_Twice_AsksOnceUntilTheTimeIsOver()
    {
        _dns.Address(Name, "192.0.2.1", 60);
        Assert.Equal((TimeSpan.FromSeconds(60), DnsSource.Resolver), ((await StartAsync()).TimeToLive, DnsSource.Resolver));
        Advance(59);
        var again = await StartAsync();
        Assert.Equal((TimeSpan.FromSeconds(1), DnsSource.Cache, 1), (again.TimeToLive, again.Source, Asked));
        Advance(1);
        Assert.Equal(DnsSource.Resolver, (await StartAsync()).Source);
        Assert.Equal(2, Asked);
    }

    [Theory]
    [InlineData(1_000_000, 7200)]
    [InlineData(7200, 7200)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public async Task LookUp_TimeToLive_IsClamped(int seconds, int kept)
    {
        _dns.Address(Name, "192.0.2.1", seconds);
        Assert.Equal(TimeSpan.FromSeconds(kept), (await StartAsync()).TimeToLive);
        Assert.Equal(kept == 0 ? 0 : 1, _cache.Count);
    }

    [Fact]
    public async Task LookUp_SeveralRecords_TheShortestTimeCounts()
    {
        _dns.Address(Name, "192.0.2.1", 60).Address(Name, "192.0.2.2", 30);
        Assert.Equal(TimeSpan.FromSeconds(30), (await StartAsync()).TimeToLive);
    }

    [Fact]
    public async Task LookUp_TimeOfZero_ServesThoseWhoWaitAndNobodyElse()
    {
        _dns.Address(Name, "192.0.2.1", 0).Hold(Name, DnsType.A);
        Task<CachedReply>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => StartAsync())];
        _dns.Answer(Name, DnsType.A);
        Assert.All(await Task.WhenAll(waiting), reply => Assert.Single(reply.Reply.Records));
        Assert.Equal(1, Asked);
        await StartAsync();
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task LookUp_Negative_IsKeptForTheTimeOfTheSoa()
    {
        Assert.Equal((DnsStatus.NameError, FakeDns.NegativeTime), ((await StartAsync()).Reply.Status, (await StartAsync()).TimeToLive));
        Assert.Equal(1, Asked);
        Advance(60);
        _dns.Address(Name, "192.0.2.1");
        Assert.Single((await StartAsync()).Reply.Records);
    }

    [Fact]
    public async Task LookUp_OneFlight_SurvivesTheCallerWhoBeganIt()
    {
        _dns.Address(Name, "192.0.2.1").Hold(Name, DnsType.A);
        using var cancel = new CancellationTokenSource();
        var first = _cache.LookUpAsync(Name, DnsType.A, cancel.Token).AsTask();
        var second = StartAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _dns.Answer(Name, DnsType.A);
        Assert.Single((await second).Reply.Records);
        Assert.Equal((1, 0), (Asked, _dns.Cancelled));
    }

    [Fact]
    public async Task LookUp_Failure_IsKeptShortlyAndForThatNameOnly()
    {
        _dns.Fail(Name, DnsType.A, DnsStatus.ServerFailure).Address("other.example", "192.0.2.2");
        Assert.Equal(DnsStatus.ServerFailure, (await StartAsync()).Reply.Status);
        Assert.Equal(DnsStatus.ServerFailure, (await StartAsync()).Reply.Status);
        Assert.Equal(1, Asked);
        Assert.Single((await StartAsync("other.example")).Reply.Records);
        Advance(5);
        await StartAsync();
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task LookUp_DnsDown_GivesTheOldAnswerForItsTime()
    {
        _dns.Address(Name, "192.0.2.1", 60);
        await StartAsync();
        Advance(61);
        _dns.Everything = DnsStatus.Unreachable;
        Assert.Equal(DnsSource.Stale, (await StartAsync()).Source);
        Assert.Equal(2, Asked);
        Advance(29);
        Assert.Equal(DnsSource.Stale, (await StartAsync()).Source);
        Assert.Equal(2, Asked);
        Advance(1);
        Assert.Equal(DnsSource.Stale, (await StartAsync()).Source);
        Assert.Equal(3, Asked);

        _time.Advance(_options.StaleTime);
        var late = await StartAsync();
        Assert.Equal((DnsStatus.Unreachable, DnsSource.Resolver), (late.Reply.Status, late.Source));
    }

    [Fact]
    public async Task LookUp_DnsSlow_GivesTheOldAnswerAndTakesTheNewOneWhenItComes()
    {
        _dns.Address(Name, "192.0.2.1", 60);
        await StartAsync();
        Advance(61);
        _dns.Hold(Name, DnsType.A);
        var slow = StartAsync();
        Advance(0.5);
        Assert.Equal(DnsSource.Stale, (await slow).Source);
        var next = StartAsync();
        _dns.Answer(Name, DnsType.A);
        Assert.Equal((DnsSource.Resolver, 2), ((await next).Source, Asked));
    }

    [Fact]
    public async Task LookUp_NameErrorAfterAnAnswer_IsTakenForWhatItIs()
    {
        _dns.Address(Name, "192.0.2.1", 60);
        await StartAsync();
        Advance(61);
        _dns.Forget(Name, DnsType.A);
        Assert.Equal(DnsStatus.NameError, (await StartAsync()).Reply.Status);
    }

    [Fact]
    public async Task LookUp_Silence_TimesOut()
    {
        _dns.IsSilent = true;
        var silent = StartAsync();
        Advance(5);
        Assert.Equal(DnsStatus.TimedOut, (await silent).Reply.Status);
        Assert.Equal(1, _dns.Cancelled);
    }

    [Fact]
    public async Task LookUp_TooManyQuestions_FailsAtOnceWithoutMemory()
    {
        _dns.Hold("a", DnsType.A).Hold("b", DnsType.A);
        var (a, b) = (StartAsync("a"), StartAsync("b"));
        Assert.Equal(DnsStatus.Overloaded, (await StartAsync()).Reply.Status);
        Assert.Equal(0, Asked);
        _dns.Answer("a", DnsType.A);
        await a;
        Assert.Equal(DnsStatus.NameError, (await StartAsync()).Reply.Status);
        _dns.Answer("b", DnsType.A);
        await b;
    }

    [Fact]
    public async Task LookUp_TooManyNames_ForgetsTheOneUsedLongestAgo()
    {
        foreach (var name in new[] { "a", "b", "c", "a", "d" })
        {
            await StartAsync(name);
        }
        Assert.Equal(3, _cache.Count);
        await StartAsync("a");
        await StartAsync("b");
        Assert.Equal((1, 2), (_dns.Count("a", DnsType.A), _dns.Count("b", DnsType.A)));
    }

    [Fact]
    public async Task LookUp_TwoHundredRecords_KeepsTheFirstHundred()
    {
        for (int i = 0; i < 200; i++)
        {
            _dns.Address(Name, $"192.0.2.{i}");
        }
        Assert.Equal(100, (await StartAsync()).Reply.Records.Count);
    }

    [Fact]
    public async Task LookUp_ClientThrows_TellsItsCallersAndIsAskedAgain()
    {
        var cache = new DnsCache(new ThrowingDns(), _options, _time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.LookUpAsync(Name, DnsType.A, default).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.LookUpAsync(Name, DnsType.A, default).AsTask());
    }

    private sealed class ThrowingDns : IDnsClient
    {
        public ValueTask<DnsReply> QueryAsync(string name, DnsType type, CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
