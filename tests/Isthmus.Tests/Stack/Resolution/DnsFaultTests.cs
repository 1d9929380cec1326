// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>What DNS can do wrong, what is answered then, and that it takes a bounded time.</summary>
public sealed class DnsFaultTests
{
    private readonly Locating _locating = new();

    private FakeDns Dns => _locating.Dns;

    [Theory]
    [InlineData(LocateFailure.NoSuchDomain, 404, false)]
    [InlineData(LocateFailure.ServiceNotOffered, 604, false)]
    [InlineData(LocateFailure.NoAddress, 480, false)]
    [InlineData(LocateFailure.NoCommonVersion, 480, false)]
    [InlineData(LocateFailure.TransportNotSupported, 480, false)]
    [InlineData(LocateFailure.DnsFailed, 500, true)]
    [InlineData(LocateFailure.DnsTimedOut, 504, true)]
    [InlineData(LocateFailure.DnsUnavailable, 503, true)]
    public void StatusCode_EachFailure_IsThatOfItsClause(LocateFailure failure, int status, bool isTemporary)
    {
        Assert.Equal((status, isTemporary), (failure.StatusCode, failure.IsTemporary));
        Assert.NotEmpty(failure.Reason);
    }

    [Theory]
    [InlineData("sip:nowhere.example", LocateFailure.NoSuchDomain)]
    [InlineData("sip:nowhere.example:5060", LocateFailure.NoSuchDomain)]
    [InlineData("sip:nowhere.example;transport=tcp", LocateFailure.NoSuchDomain)]
    [InlineData("sip:a-label-that-is-longer-than-any-label-of-a-name-in-the-dns-can-ever-be.example", LocateFailure.NoSuchDomain)]
    [InlineData("sip:text.example", LocateFailure.NoAddress)]
    public async Task Locate_NothingThere_SaysSo(string uri, LocateFailure expected)
    {
        Dns.Srv("_other._tcp.text.example", 0, 0, 1, "x.example");
        Assert.Equal(expected, (await _locating.FindAsync(uri)).Failure);
    }

    [Fact]
    public async Task Locate_DenialByAPoint_IsNotOffered()
    {
        Dns.Srv("_sip._udp.example.com", 0, 0, 0, ".").Srv("_sip._tcp.example.com", 0, 0, 0, "").Address("example.com", "192.0.2.1");
        Assert.Equal(LocateFailure.ServiceNotOffered, (await _locating.FindAsync("sip:example.com")).Failure);
        Assert.Equal(LocateFailure.ServiceNotOffered, (await _locating.FindAsync("sip:example.com;transport=tcp")).Failure);
    }

    [Theory]
    [InlineData(DnsStatus.ServerFailure, LocateFailure.DnsFailed)]
    [InlineData(DnsStatus.TimedOut, LocateFailure.DnsTimedOut)]
    [InlineData(DnsStatus.Unreachable, LocateFailure.DnsUnavailable)]
    public async Task Locate_DnsFails_SaysHow(DnsStatus status, LocateFailure expected)
    {
        Dns.Everything = status;
        Assert.Equal(expected, (await _locating.FindAsync("sip:example.com")).Failure);
        Assert.Equal(expected, (await _locating.FindAsync("sip:example.org:5060")).Failure);
    }

    [Fact]
    public async Task Locate_ServicesUnknown_DoesNotGuessFromTheAddress()
    {
        Dns.Address("example.com", "192.0.2.1").Fail("_sip._udp.example.com", DnsType.Srv, DnsStatus.ServerFailure);
        Assert.Equal(LocateFailure.DnsFailed, (await _locating.FindAsync("sip:example.com")).Failure);
    }

    [Fact]
    public async Task Locate_ResolverWithoutSrvAndNaptr_TakesTheAddress()
    {
        Dns.Address("example.com", "192.0.2.1").Fail("example.com", DnsType.Naptr, DnsStatus.ServerFailure)
            .Fail("_sip._udp.example.com", DnsType.Srv, DnsStatus.NotImplemented).Fail("_sip._tcp.example.com", DnsType.Srv, DnsStatus.NotImplemented);
        Assert.Equal("udp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com"));
    }

    [Theory]
    [InlineData(DnsType.Aaaa, "udp 192.0.2.1:5060")]
    [InlineData(DnsType.A, "udp [2001:db8::1]:5060")]
    public async Task Locate_OneVersionFails_TakesTheOther(DnsType failing, string expected)
    {
        Dns.Address("example.com", "192.0.2.1").Address("example.com", "2001:db8::1").Fail("example.com", failing, DnsStatus.ServerFailure);
        Assert.Equal(expected, await _locating.ListAsync("sip:example.com"));
    }

    [Theory]
    [InlineData("2001:db8::1", "udp [2001:db8::1]:5060", null)]
    [InlineData("192.0.2.1", "udp 192.0.2.1:5060", null)]
    [InlineData(null, "NoAddress", LocateFailure.NoAddress)]
    public async Task Locate_ServiceToAHostWith_OneVersionOrNone(string? address, string expected, LocateFailure? failure)
    {
        Dns.Srv("_sip._udp.example.com", 0, 0, 5060, "one.example.com").Address("example.com", "192.0.2.99");
        _ = address is null ? Dns : Dns.Address("one.example.com", address);
        var located = await _locating.FindAsync("sip:example.com");
        Assert.Equal((expected, failure), (Locating.Text(located), located.Failure));
    }

    [Fact]
    public async Task Locate_OnlyTheOtherVersion_SaysWhichIsThere()
    {
        _locating.Reach.Listeners[SipTransport.Udp] = _locating.Reach.Listeners[SipTransport.Tcp] = IpVersions.V4;
        Dns.Address("example.com", "2001:db8::1");
        var located = await _locating.FindAsync("sip:example.com");
        Assert.Equal((LocateFailure.NoCommonVersion, IpVersions.V6), (located.Failure, located.Versions));
    }

    [Fact]
    public async Task Locate_Aliases_AreFollowedWithinAndAcrossAnswers()
    {
        Dns.Alias("example.com", "a.example.net").Alias("a.example.net", "b.example.net").Address("b.example.net", "192.0.2.1", seconds: 20);
        Dns.Add(DnsType.A, new AliasRecord("b.example.org", TimeSpan.FromSeconds(9), "c.example.org"), under: "example.org")
            .Alias("example.org", "b.example.org", DnsType.A)
            .Add(DnsType.A, new AddressRecord("c.example.org", TimeSpan.FromSeconds(99), System.Net.IPAddress.Parse("192.0.2.3")), under: "example.org");
        var located = await _locating.FindAsync("sip:example.com:5060");
        Assert.Equal("udp 192.0.2.1:5060", Locating.Text(located));
        Assert.Equal(TimeSpan.FromSeconds(20), located.Targets[0].TimeToLive);
        var other = await _locating.FindAsync("sip:example.org:5060");
        Assert.Equal(("udp 192.0.2.3:5060", TimeSpan.FromSeconds(9)), (Locating.Text(other), other.Targets[0].TimeToLive));
        Assert.Equal(0, Dns.Count("c.example.org", DnsType.A));
    }

    [Fact]
    public async Task Locate_AliasesInACircleOrTooMany_FailAndAreBounded()
    {
        Dns.Alias("loop.example", "pool.example").Alias("pool.example", "loop.example").Alias("self.example", "self.example");
        for (int i = 0; i < 50; i++)
        {
            Dns.Alias($"n{i}.example", $"n{i + 1}.example");
        }
        Dns.Address("n50.example", "192.0.2.1");
        Assert.Equal(LocateFailure.DnsFailed, (await _locating.FindAsync("sip:loop.example:5060")).Failure);
        Assert.Equal(LocateFailure.DnsFailed, (await _locating.FindAsync("sip:self.example:5060")).Failure);
        Dns.Asked.Clear();
        Assert.Equal(LocateFailure.DnsFailed, (await _locating.FindAsync("sip:n0.example:5060")).Failure);
        Assert.InRange(Dns.Asked.Count, 2, 2 * 9);
        Assert.Equal("udp 192.0.2.1:5060", await _locating.ListAsync("sip:n42.example:5060"));
    }

    [Fact]
    public async Task Locate_RecordsOfAnotherName_AreNoAnswer()
    {
        Dns.Add(DnsType.A, new AddressRecord("victim.example", TimeSpan.FromDays(9), System.Net.IPAddress.Parse("203.0.113.66")), under: "evil.example")
            .Address("victim.example", "192.0.2.1");
        Assert.Equal(LocateFailure.NoAddress, (await _locating.FindAsync("sip:evil.example:5060")).Failure);
        Assert.Equal("udp 192.0.2.1:5060", await _locating.ListAsync("sip:victim.example:5060"));
    }

    [Fact]
    public async Task Locate_TwoHundredServers_LooksAtSixteenOfTheBestRank()
    {
        for (int i = 0; i < 200; i++)
        {
            Dns.Srv("_sip._udp.example.com", i / 20, 10, 5060, $"h{i}.example.com").Address($"h{i}.example.com", $"192.0.2.{i + 1}").Address($"h{i}.example.com", $"2001:db8::{i + 1}");
        }
        var located = await _locating.FindAsync("sip:example.com");
        Assert.Equal(32, located.Targets.Count);
        Assert.All(located.Targets, target => Assert.Equal(0, target.Group));
        Assert.Equal(16, Dns.Asked.Count(asked => asked.Type == DnsType.A));
    }

    [Fact]
    public async Task Locate_TwoHundredAddresses_TakesEightOfEachVersion()
    {
        for (int i = 0; i < 200; i++)
        {
            Dns.Address("example.com", $"192.0.2.{i + 1}").Address("example.com", $"2001:db8::{i + 1}");
        }
        var located = await _locating.FindAsync("sip:example.com:5060");
        Assert.Equal((8, 8), (located.Targets.Count(target => target.Version == IpVersion.V4), located.Targets.Count(target => target.Version == IpVersion.V6)));
    }

    [Fact]
    public async Task Locate_DnsSilent_EndsAfterTheTotalTimeAndAtOnceTheNextTime()
    {
        Dns.IsSilent = true;
        var start = _locating.Time.GetUtcNow();
        var located = _locating.StartAsync("sip:silent.example");
        await _locating.JumpAsync(TimeSpan.FromSeconds(1.5), start);
        var again = _locating.StartAsync("sip:silent.example:5060");
        await _locating.JumpAsync(TimeSpan.FromSeconds(5), start);
        Assert.Equal(LocateFailure.DnsTimedOut, (await located).Failure);

        _locating.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(LocateFailure.DnsTimedOut, (await again).Failure);
        Dns.Asked.Clear();
        Assert.Equal(LocateFailure.DnsTimedOut, (await _locating.FindAsync("sip:silent.example:5060")).Failure);
        Assert.Empty(Dns.Asked);
    }

    [Fact]
    public async Task Locate_OneVersionUnanswered_CostsTheGraceTime()
    {
        Dns.Address("example.com", "192.0.2.1").Address("example.com", "2001:db8::1").Hold("example.com", DnsType.Aaaa);
        var start = _locating.Time.GetUtcNow();
        var located = _locating.StartAsync("sip:example.com:5060");
        await _locating.JumpAsync(TimeSpan.FromMilliseconds(250), start);
        var result = await located;
        Assert.Equal(("udp 192.0.2.1:5060", true), (Locating.Text(result), result.IsPartial));

        // The question went on, and the next one has its answer.
        Dns.Answer("example.com", DnsType.Aaaa);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _locating.ListAsync("sip:example.com:5060") != "udp [2001:db8::1]:5060, udp 192.0.2.1:5060")
        {
            limit.Token.ThrowIfCancellationRequested();
            _locating.Time.Advance(TimeSpan.FromMilliseconds(250));
        }
        Assert.Equal(1, Dns.Count("example.com", DnsType.Aaaa));
    }

    [Fact]
    public async Task Locate_FirstServerUnanswered_WaitsLongerThanForTheLast()
    {
        Dns.Srv("_sip._udp.example.com", 1, 0, 5060, "one.example.com").Srv("_sip._udp.example.com", 2, 0, 5060, "two.example.com").Address("two.example.com", "192.0.2.2")
            .Hold("one.example.com", DnsType.A).Hold("one.example.com", DnsType.Aaaa);
        var start = _locating.Time.GetUtcNow();
        var located = _locating.StartAsync("sip:example.com");
        await _locating.JumpAsync(TimeSpan.FromSeconds(1), start);
        var result = await located;
        Assert.Equal(("udp 192.0.2.2:5060", 1, true), (Locating.Text(result), result.Targets[0].Group, result.IsPartial));
    }

    [Fact]
    public async Task Locate_PreferredTransportUnanswered_TakesTheOther()
    {
        Dns.Hold("_sip._udp.example.com", DnsType.Srv).Srv("_sip._tcp.example.com", 0, 0, 5060, "one.example.com").Address("one.example.com", "192.0.2.1");
        var start = _locating.Time.GetUtcNow();
        var located = _locating.StartAsync("sip:example.com");
        await _locating.JumpAsync(TimeSpan.FromSeconds(1), start);
        Assert.Equal("tcp 192.0.2.1:5060", Locating.Text(await located));
    }

    [Fact]
    public async Task Locate_OneDomainSilent_LeavesOthersAlone()
    {
        Dns.Hold("silent.example", DnsType.A).Hold("silent.example", DnsType.Aaaa).Address("example.com", "192.0.2.1");
        var silent = _locating.StartAsync("sip:silent.example:5060");
        Assert.Equal("udp 192.0.2.1:5060", await _locating.ListAsync("sip:example.com"));
        Assert.False(silent.IsCompleted);
    }
}
