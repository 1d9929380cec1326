// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>Real questions to a real, if small, server by the loopback interface.</summary>
public sealed class NameServerClientTests : IDisposable
{
    private const string Name = "example.com";

    private readonly LoopbackDns _server = new(IPAddress.Loopback);
    private readonly NameServerClient _client;

    public NameServerClientTests() => _client = new NameServerClient(_server.EndPoint);

    public void Dispose() => _server.Dispose();

    private Task<DnsReply> AskAsync(string name = Name, DnsType type = DnsType.A) => _client.QueryAsync(name, type, default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Query_EachType_IsRead()
    {
        _server.Address(Name, "192.0.2.1").Address(Name, "2001:db8::1")
            .Add("_sip._udp." + Name, LoopbackDns.Srv, LoopbackDns.Service(1, 2, 5060, "One.Example.com"))
            .Add(Name, LoopbackDns.Naptr, LoopbackDns.Pointer(10, 20, "s", "SIP+D2U", "", "_sip._udp.example.com"))
            .Add(Name, LoopbackDns.Naptr, LoopbackDns.Pointer(10, 20, "u", "E2U+sip", "!^.*$!sip:a@b!", ""))
            .Add("alias.example.com", LoopbackDns.Cname, LoopbackDns.Labels(Name), under: LoopbackDns.A);
        var time = TimeSpan.FromSeconds(300);
        Assert.Equal([new AddressRecord(Name, time, IPAddress.Parse("192.0.2.1"))], (await AskAsync()).Records);
        Assert.Equal([new AddressRecord(Name, time, IPAddress.Parse("2001:db8::1"))], (await AskAsync(type: DnsType.Aaaa)).Records);
        Assert.Equal([new ServiceRecord("_sip._udp.example.com", time, 1, 2, 5060, "one.example.com")], (await AskAsync("_sip._udp.example.com", DnsType.Srv)).Records);
        Assert.Equal([new PointerRecord(Name, time, 10, 20, "s", "SIP+D2U", "_sip._udp.example.com")], (await AskAsync(type: DnsType.Naptr)).Records);
        Assert.Equal([new AliasRecord("alias.example.com", time, Name)], (await AskAsync("alias.example.com")).Records);
    }

    [Fact]
    public async Task Query_Denial_IsADenial()
    {
        _server.Add("_sip._udp." + Name, LoopbackDns.Srv, LoopbackDns.Service(0, 0, 0, "."));
        Assert.True(((ServiceRecord)(await AskAsync("_sip._udp.example.com", DnsType.Srv)).Records[0]).IsDenial);
    }

    [Fact]
    public async Task Query_NothingThere_HasTheTimeOfTheSoa()
    {
        _server.Address(Name, "192.0.2.1");
        var nothing = await AskAsync("no.example");
        Assert.Equal((DnsStatus.NameError, TimeSpan.FromSeconds(77)), (nothing.Status, nothing.NegativeTimeToLive));
        var other = await AskAsync(type: DnsType.Aaaa);
        Assert.Equal((DnsStatus.Ok, TimeSpan.FromSeconds(77)), (other.Status, other.NegativeTimeToLive));
        Assert.Empty(other.Records);
    }

    [Theory]
    [InlineData(1, DnsStatus.NotImplemented)]
    [InlineData(2, DnsStatus.ServerFailure)]
    [InlineData(4, DnsStatus.NotImplemented)]
    [InlineData(5, DnsStatus.ServerFailure)]
    public async Task Query_Refusal_IsAFailure(int code, DnsStatus status)
    {
        _server.Code = code;
        Assert.Equal(status, (await AskAsync()).Status);
    }

    [Fact]
    public async Task Query_Truncated_IsAskedAgainByTcp()
    {
        for (int i = 1; i <= 200; i++)
        {
            _server.Add("_sip._udp." + Name, LoopbackDns.Srv, LoopbackDns.Service(1, 1, 5060, $"host-{i}.example.com"));
        }
        _server.Truncates = true;
        Assert.Equal(200, (await AskAsync("_sip._udp.example.com", DnsType.Srv)).Records.Count);
        Assert.Equal((1, 1), (_server.ByUdp, _server.ByTcp));
    }

    [Fact]
    public async Task Query_AnswerToAnotherQuestion_IsNotTaken()
    {
        _server.Address(Name, "192.0.2.1");
        _server.Mistakes = true;
        Assert.Equal(DnsStatus.ServerFailure, (await AskAsync()).Status);
        Assert.Equal(2, _server.ByUdp);
    }

    [Fact]
    public async Task Query_NotDns_IsAskedAgainByTcp()
    {
        _server.Address(Name, "192.0.2.1");
        _server.Babbles = true;
        Assert.Single((await AskAsync()).Records);
        Assert.Equal((1, 1), (_server.ByUdp, _server.ByTcp));
    }

    [Fact]
    public async Task Locate_BlackHoleOnOneVersion_IsAnsweredByTheOther()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var server = new LoopbackDns(IPAddress.IPv6Loopback);
        server.Add(Name, LoopbackDns.Naptr, LoopbackDns.Pointer(10, 20, "s", "SIP+D2T", "", "_sip._tcp.example.com"))
            .Add("_sip._tcp." + Name, LoopbackDns.Srv, LoopbackDns.Service(1, 1, 5062, "one.example.com"))
            .Address("one.example.com", "192.0.2.1").Address("one.example.com", "2001:db8::1");
        var options = new DnsOptions { Servers = [(IPEndPoint)silent.LocalEndPoint!, server.EndPoint], Stagger = TimeSpan.FromMilliseconds(50) };
        var locator = new SipLocator(new LocatorOptions(), SystemDns.Create(options, TimeProvider.System), new FakeReach(), TimeProvider.System);
        Assert.True(SipUri.TryParse("sip:bob@example.com", out var uri));

        var located = await locator.LocateAsync(uri).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("tcp [2001:db8::1]:5062, tcp 192.0.2.1:5062", Locating.Text(located));
        Assert.InRange(silent.Receive(new byte[512]), 30, 512); // it was asked, too
    }
}
