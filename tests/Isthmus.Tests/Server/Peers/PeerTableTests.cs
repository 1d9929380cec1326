// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;
using Isthmus.Server;
using Isthmus.Server.Peers;
using Isthmus.Sip;
using Isthmus.Tests.Stack.Resolution;

namespace Isthmus.Tests.Server.Peers;

public sealed class PeerTableTests
{
    [Theory]
    [InlineData("b.example", "b.example")]
    [InlineData("B.Example.", "b.example")]
    [InlineData("x.b.example", "*.b.example")]
    [InlineData("y.x.b.example", "*.x.b.example")]
    [InlineData("notb.example", "*")]
    [InlineData("c.example", "*")]
    public void Find_Domain_TheLongestThatFits(string domain, string name) => Assert.Equal(name, Table("*", "*.b.example", "b.example", "*.x.b.example").Find(domain)!.Name);

    [Fact]
    public void Find_NothingFits_Null()
    {
        Assert.Null(Table("*.b.example").Find("b.example"));
        Assert.Null(Table().Find("b.example"));
    }

    [Fact]
    public void Of_Weights_AreSharesWithinAPriority()
    {
        PeerUri[] targets = [Target("heavy", 1, 90), Target("light", 1, 10), Target("none", 1, 0), Target("first", 0, 0)];
        var random = new Random(2782);
        int heavy = 0;
        for (int i = 0; i < 1000; i++)
        {
            List<PeerUri> order = WeightedOrder.Of(targets, random);
            Assert.Equal(("first", "none"), (order[0].Uri.Host.ToString(), order[3].Uri.Host.ToString()));
            heavy += order[1].Uri.Host.ToString() == "heavy" ? 1 : 0;
        }

        Assert.InRange(heavy, 870, 930);
    }

    [Fact]
    public async Task FindAsync_PeerWithSeveralTargets_InTheirOrderOfEitherKind()
    {
        var locating = new Locating();
        locating.Dns.Srv("_sip._udp.sip.b.example", 20, 0, 5062, "two.b.example").Srv("_sip._udp.sip.b.example", 10, 0, 5061, "one.b.example")
            .Address("one.b.example", "192.0.2.61").Address("one.b.example", "2001:db8::61").Address("two.b.example", "192.0.2.62");
        ServerDirectory directory = Directory(locating, new PeerOptions
        {
            Domain = "b.example",
            Targets = [PeerTarget.Parse("192.0.2.50")!, PeerTarget.Parse("sip.b.example")!, PeerTarget.Parse("192.0.2.99;priority=9")!, PeerTarget.Parse("missing.example")!],
        });

        ServerFinding found = await directory.FindAsync(Uri("sip:bob@b.example"));

        Assert.Equal(
            ["0 192.0.2.50:5060", "1 [2001:db8::61]:5061", "1 192.0.2.61:5061", "2 192.0.2.62:5062", "3 192.0.2.99:5060"],
            found.Servers!.Targets.Select(target => $"{target.Group} {target.EndPoint}"));
        Assert.Equal(("b.example", IpVersions.Both), (found.Servers.Peer, found.Servers.Versions));
    }

    [Theory]
    [InlineData("sip:bob@b.example:5060", "192.0.2.50:5060")]
    [InlineData("sip:bob@b.example:5070", "192.0.2.99:5070")]
    [InlineData("sip:bob@c.example;maddr=b.example", "192.0.2.99:5060")]
    [InlineData("sip:bob@sub.b.example", "2001:db8::98")]
    public async Task FindAsync_Uri_ThePeerOnlyWhereTheChoiceIsLeft(string uri, string first)
    {
        var locating = new Locating();
        locating.Dns.Address("b.example", "192.0.2.99").Address("sub.b.example", "192.0.2.98").Address("sub.b.example", "2001:db8::98");
        ServerDirectory directory = Directory(
            locating,
            new PeerOptions { Domain = "b.example", Targets = [PeerTarget.Parse("192.0.2.50")!] },
            new PeerOptions { Domain = "*.b.example", IpVersions = IpVersions.V6, Transport = SipTransport.Tcp });

        ServerFinding found = await directory.FindAsync(Uri(uri));

        Assert.StartsWith(first, found.Servers!.Targets[0].EndPoint.ToString().Replace("[", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(uri.Contains("sub", StringComparison.Ordinal) ? SipTransport.Tcp : SipTransport.Udp, Assert.Single(found.Servers.Targets).Transport);
    }

    [Fact]
    public async Task FindAsync_PeerOfOneVersionWhoseServersHaveTheOther_480()
    {
        var locating = new Locating();
        locating.Dns.Address("b.example", "192.0.2.99");
        ServerFinding found = await Directory(locating, new PeerOptions { Domain = "b.example", IpVersions = IpVersions.V6 }).FindAsync(Uri("sip:b.example"));
        Assert.Equal((null, Isthmus.Sip.Stack.LocateFailure.NoCommonVersion), (found.Servers, found.Failure));
    }

    [Fact]
    public async Task FindAsync_OneTargetWhoseNameServerIsSilent_TheOthersDoNotWaitForIt()
    {
        var locating = new Locating();
        locating.Dns.Hold("slow.example", Isthmus.Sip.Stack.DnsType.Naptr);
        ServerDirectory directory = Directory(locating, new PeerOptions { Domain = "b.example", Targets = [PeerTarget.Parse("slow.example")!, PeerTarget.Parse("192.0.2.50")!] });
        Task<ServerFinding> finding = directory.FindAsync(Uri("sip:bob@b.example")).AsTask();
        Assert.False(finding.IsCompleted);
        locating.Time.Advance(TimeSpan.FromMilliseconds(251));
        ServerFinding found = await finding.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("192.0.2.50:5060", Assert.Single(found.Servers!.Targets).EndPoint.ToString());
    }

    private static PeerTable Table(params string[] domains) => new(new ServerOptions { Peers = [.. domains.Select(domain => new PeerOptions { Domain = domain })] });

    private static PeerUri Target(string host, int priority, int weight) => new(Uri($"sip:{host}"), priority, weight);

    private static ServerDirectory Directory(Locating locating, params PeerOptions[] peers) =>
        new(new PeerTable(new ServerOptions { Peers = peers }), locating.Locator, JudgeMethod.Auto, locating.Time, TimeSpan.FromMilliseconds(250), new Random(1));

    private static SipUri Uri(string text) => SipUri.TryParse(text, out SipUri? uri) ? uri : throw new FormatException(text);
}
