// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Figures;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>The DNS servers of FIG. 12: one a domain, asked from the hosts of the network.</summary>
public sealed class NameServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];
    private LabStage? _stage;

    private LabStage Stage => _stage!;

    public async ValueTask InitializeAsync()
    {
        using (TestNetwork.Create())
        {
            ChildProgram.Require(KnotServer.Name, KnotServer.Package);
        }

        var plan = NetworkPlan.Of(DomainFigureTable.Find("17")!, LabNetwork.Figure12);
        var ip = new IpTool(TestNetwork.Tool);
        var ground = await LabGround.BuildAsync(ip, plan);
        _running.Add(ground);
        _stage = new LabStage(plan, new LabSettings { Isthmus = [], Output = _folder.Path }, ground, ip, TimeProvider.System);
        foreach (var domain in plan.Network.Domains)
        {
            var server = new KnotServer(_stage, domain);
            _running.Add(server);
            await server.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _running.Reverse();
        foreach (var one in _running)
        {
            await one.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Domain_AskedByItsServer_HasServicesAndAddressesOfBothVersions(IpVersion version)
    {
        Assert.Equal(
            ["10 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.a.example.", "20 50 \"s\" \"SIP+D2T\" \"\" _sip._tcp.a.example."],
            Ask("S1", "N1", version, "a.example", DnsType.NAPTR));
        Assert.Equal(["10 50 5060 s1.a.example."], Ask("S1", "N1", version, "_sip._udp.a.example", DnsType.SRV));
        Assert.Equal(["2001:db8:0:d::10"], Ask("S1", "N1", version, "s1.a.example", DnsType.AAAA));
        Assert.Equal(["192.0.2.10"], Ask("S1", "N1", version, "s1.a.example", DnsType.A));
    }

    /// <summary>FIG. 17: S1 asks its own DNS server, which asks that of the other domain: that has IPv4 only.</summary>
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void OtherDomain_AskedOfTheOwnServer_IsAnsweredByTheOtherOne(IpVersion version)
    {
        Assert.Equal(["10 50 5060 s2.b.example."], Ask("S1", "N1", version, "_sip._tcp.b.example", DnsType.SRV));
        Assert.Equal(["198.51.100.20"], Ask("S1", "N1", version, "s2.b.example", DnsType.A));
        Assert.Empty(Ask("S1", "N1", version, "s2.b.example", DnsType.AAAA));
    }

    [Fact]
    public void NameServer_OfTheIpv4Network_ServesItsSideAndKnowsTheOther()
    {
        Assert.Equal(["198.51.100.20"], Ask("S2", "N2", IpVersion.V4, "s2.b.example", DnsType.A));
        Assert.Equal(["2001:db8:0:d::10"], Ask("S2", "N2", IpVersion.V4, "s1.a.example", DnsType.AAAA));
        Assert.Equal(3, Probe("S2", "N2", IpVersion.V4, "nobody.b.example", DnsType.A)!.ResponseCode);
    }

    [Fact]
    public async Task Programs_OnAHost_AskTheServerOfTheirDomain()
    {
        await using (var program = RunningProgram.Start("S2", new IpTool(TestNetwork.Tool), Stage.NamespaceOf("S2"), ["cat", "/etc/resolv.conf"], _folder.Path, _folder.File("resolv")))
        {
            Assert.True(await program.EndsAsync(Within));
        }

        Assert.Equal("nameserver 198.51.100.52\n", await File.ReadAllTextAsync(_folder.File("resolv"), TestContext.Current.CancellationToken));
    }

    private IEnumerable<string> Ask(string host, string server, IpVersion version, string name, DnsType type)
    {
        var answer = Probe(host, server, version, name, type);
        Assert.True(answer is { ResponseCode: 0 }, $"{server} does not answer for {name}: {answer?.ResponseCode}");
        return answer!.Answers.Where(record => record.Type == type).Select(record => record.Data);
    }

    private DnsMessage? Probe(string host, string server, IpVersion version, string name, DnsType type) =>
        DnsProbe.Ask(Stage.NamespaceOf(host), new IPEndPoint(Stage.Plan.Host(server).AddressOf(version)!, KnotServer.Port), name, type, Within);
}
