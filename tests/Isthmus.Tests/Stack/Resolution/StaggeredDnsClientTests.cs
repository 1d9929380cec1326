// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class StaggeredDnsClientTests
{
    private const string Name = "example.com";

    private readonly SimulatedTime _time = new();
    private readonly FakeDns[] _servers = [new(), new(), new()];
    private readonly StaggeredDnsClient _client;

    public StaggeredDnsClientTests()
    {
        _client = new StaggeredDnsClient(_servers, new DnsOptions(), _time);
        Array.ForEach(_servers, server => server.Address(Name, "192.0.2.1"));
    }

    private int[] Asked => [.. _servers.Select(server => server.Asked.Count)];

    private Task<DnsReply> StartAsync(CancellationToken cancellationToken = default) => _client.QueryAsync(Name, DnsType.A, cancellationToken).AsTask();

    [Fact]
    public async Task Query_FirstAnswers_AsksNoOther()
    {
        Assert.Single((await StartAsync()).Records);
        Assert.Equal([1, 0, 0], Asked);
    }

    [Fact]
    public async Task Query_FirstIsABlackHole_CostsOneStaggerOnce()
    {
        _servers[0].IsSilent = true;
        var first = StartAsync();
        Assert.Equal([1, 0, 0], Asked);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal([1, 0, 0], Asked);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(DnsStatus.Ok, (await first).Status);
        Assert.Equal([1, 1, 0], Asked);

        Assert.Equal(DnsStatus.Ok, (await StartAsync()).Status);
        Assert.Equal([1, 2, 0], Asked);
    }

    [Fact]
    public async Task Query_FirstAnswersLate_IsHeard()
    {
        _servers[0].Hold(Name, DnsType.A);
        _servers[1].IsSilent = _servers[2].IsSilent = true;
        var query = StartAsync();
        _time.Advance(TimeSpan.FromMilliseconds(250));
        _servers[0].Answer(Name, DnsType.A);
        Assert.Equal(DnsStatus.Ok, (await query).Status);
    }

    [Theory]
    [InlineData(DnsStatus.ServerFailure)]
    [InlineData(DnsStatus.Unreachable)]
    public async Task Query_FirstFails_AsksTheNextAtOnce(DnsStatus failure)
    {
        _servers[0].Everything = failure;
        Assert.Equal(DnsStatus.Ok, (await StartAsync()).Status);
        Assert.Equal([1, 1, 0], Asked);
    }

    [Fact]
    public async Task Query_NameError_IsAnAnswer()
    {
        _servers[0].Fail(Name, DnsType.A, DnsStatus.NameError);
        Assert.Equal(DnsStatus.NameError, (await StartAsync()).Status);
        Assert.Equal([1, 0, 0], Asked);
    }

    [Fact]
    public async Task Query_AllFail_SaysWhatTheyLearnt()
    {
        (_servers[0].Everything, _servers[1].Everything, _servers[2].Everything) = (DnsStatus.Unreachable, DnsStatus.ServerFailure, DnsStatus.Unreachable);
        Assert.Equal(DnsStatus.ServerFailure, (await StartAsync()).Status);
        Assert.Equal([1, 1, 1], Asked);
    }

    [Fact]
    public async Task Query_AllSilent_AsksThreeTimesAndTimesOut()
    {
        Array.ForEach(_servers, server => server.IsSilent = true);
        var start = _time.GetUtcNow();
        var query = StartAsync();
        while (!query.IsCompleted)
        {
            if (_time.NextDue is { } due)
            {
                _time.RunNext(due);
            }
            await Task.Yield();
        }
        Assert.Equal(DnsStatus.TimedOut, (await query).Status);
        Assert.Equal([3, 3, 3], Asked);
        Assert.Equal(TimeSpan.FromSeconds(4.5), _time.GetUtcNow() - start);
        Assert.All(_servers, server => Assert.Equal(3, server.Cancelled));
    }

    [Fact]
    public async Task Query_Cancelled_Throws()
    {
        Array.ForEach(_servers, server => server.IsSilent = true);
        using var cancel = new CancellationTokenSource();
        var query = StartAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
    }

    [Fact]
    public async Task Query_NoServers_IsUnreachable() =>
        Assert.Equal(DnsStatus.Unreachable, (await new StaggeredDnsClient([], new DnsOptions(), _time).QueryAsync(Name, DnsType.A, default)).Status);

    [Fact]
    public void Alternate_Servers_TakeTurnsOfTheVersions()
    {
        var servers = new[] { "[2001:db8::1]:53", "[2001:db8::2]:53", "[2001:db8::3]:53", "192.0.2.1:53", "[2001:db8::1]:53" }.Select(IPEndPoint.Parse);
        Assert.Equal("[2001:db8::1]:53 192.0.2.1:53 [2001:db8::2]:53 [2001:db8::3]:53", string.Join(' ', SystemDns.Alternate(servers)));
        Assert.Empty(SystemDns.Alternate([]));
    }

    [Fact]
    public void Parse_ResolvConf_TakesItsNameServers()
    {
        string[] lines = ["# nameserver 192.0.2.9", "search example.com", "nameserver 192.0.2.1", "nameserver\tfe80::1%2 # here", " nameserver 2001:db8::1", "nameserver", "nameserver x"];
        Assert.Equal("192.0.2.1:53 [fe80::1%2]:53 [2001:db8::1]:53", string.Join(' ', SystemResolvers.Parse(lines)));
    }
}
