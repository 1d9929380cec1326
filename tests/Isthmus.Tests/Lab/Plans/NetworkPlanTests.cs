// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Plans;

public sealed class NetworkPlanTests
{
    [Fact]
    public void Hosts_HaveTheVersionsOfTheirFigure()
    {
        NetworkPlan plan = Frames.Figure3;
        Assert.Equal(["T5", "S1", "T6"], plan.Hosts.Select(host => host.Name));
        Assert.Equal([IpVersions.Both, IpVersions.Both, IpVersions.V4], plan.Hosts.Select(host => host.Has));
        Assert.Equal([Segment.Dual], plan.Segments);
    }

    [Fact]
    public void Figure2_HasT6BehindTheRouter()
    {
        NetworkPlan plan = NetworkPlan.Of(FigureTable.Find("3")!, LabNetwork.Figure2);
        Assert.Equal(Segment.Ipv4, plan.Host("T6").Segment);
        Assert.Equal("198.51.100.6", plan.Host("T6").V4?.ToString());
        Assert.Equal([Segment.Dual, Segment.Ipv4], plan.Segments);
    }

    /// <summary>A figure with two domains is one more row: who is whose, and what the other domain can.</summary>
    [Fact]
    public void Figure12_HasADomainAtEachEnd()
    {
        var figure = DomainFigureTable.Find("17")!;
        NetworkPlan plan = NetworkPlan.Of(figure, LabNetwork.Figure12);
        Assert.Equal(["T5", "S1", "S2", "T6"], figure.Nodes);
        Assert.Equal("sip:t5@a.example", plan.AddressOfRecord(figure.Caller));
        Assert.Equal("sip:t6@b.example", plan.AddressOfRecord(figure.Callee));
        Assert.Equal(IpVersions.V4, plan.Host("S2").Has);
        Assert.Equal(IpVersions.V4, plan.Host("N2").Has);
        Assert.Equal(IpVersions.Both, plan.Host("N1").Has);
    }

    [Fact]
    public void Figure12_Mirrored_HasTheOtherDomainOnAnIpv6Network()
    {
        NetworkPlan plan = NetworkPlan.Of(DomainFigureTable.Find("E4-d17")!, LabTable.Find("E4-d17")[0].Networks[0]);
        Assert.Equal(["2001:db8:0:6::20"], plan.Host("S2").Addresses.Select(address => address.ToString()));
        Assert.Equal(IpVersions.V6, plan.Host("N2").Has);
        Assert.Equal(Segment.Ipv6, plan.Host("T7").Segment);
    }

    /// <summary>A figure and its networks agree on the servers between the terminals, and its arrows lead along them.</summary>
    [Fact]
    public void EveryRow_HasItsServersInItsNetworks() => Assert.All(LabTable.All, row => Assert.All(row.Networks, network =>
    {
        Assert.Equal(row.Figure.Servers, network.Domains.Select(domain => domain.Server));
        NetworkPlan plan = NetworkPlan.Of(row.Figure, network);
        Assert.All(row.Figure.Sequence, arrow =>
        {
            string[] words = arrow.Split(' ');
            IpVersion version = words[1] == "=>" ? IpVersion.V6 : IpVersion.V4;
            Assert.True(plan.Host(words[0]).Has.Has(version) && plan.Host(words[2]).Has.Has(version), arrow);
        });
    }));

    [Fact]
    public void EveryRow_HasHostsWithAddressesOfTheirOwn() => Assert.All(LabTable.All, row => Assert.All(row.Networks, network =>
    {
        var addresses = NetworkPlan.Of(row.Figure, network).Hosts.SelectMany(host => host.Addresses).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
    }));

    [Theory]
    [InlineData("3", 1)]
    [InlineData("e4-a", 3)]
    [InlineData("bye", 16)]
    [InlineData("10", 14)]
    [InlineData("13", 1)]
    [InlineData("E4-d", 8)]
    [InlineData("E4-b2", 1)]
    [InlineData("E4", 0)]
    [InlineData("", 0)]
    public void Find_AName_GivesTheRowOrItsFamily(string name, int rows) => Assert.Equal(rows, LabTable.Find(name).Count);
}
