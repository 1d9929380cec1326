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
        var figure = FigureTable.Find("3")! with { Servers = ["S1", "S2"] };
        NetworkPlan plan = NetworkPlan.Of(figure, LabNetwork.Figure12);
        Assert.Equal(["T5", "S1", "S2", "T6"], figure.Nodes);
        Assert.Equal("sip:t5@a.example", plan.AddressOfRecord(figure.Caller));
        Assert.Equal("sip:t6@b.example", plan.AddressOfRecord(figure.Callee));
        Assert.Equal(IpVersions.V4, plan.Host("S2").Has);
        Assert.Equal(IpVersions.V4, plan.Host("N2").Has);
        Assert.Equal(IpVersions.Both, plan.Host("N1").Has);
    }

    [Fact]
    public void EveryRow_HasHostsWithAddressesOfTheirOwn() => Assert.All(LabTable.All, row => Assert.All(row.Networks, network =>
    {
        var addresses = NetworkPlan.Of(row.Figure, network).Hosts.SelectMany(host => host.Addresses).ToList();
        Assert.Equal(addresses.Count, addresses.Distinct().Count());
    }));

    [Theory]
    [InlineData("3", 1)]
    [InlineData("e4-a", 3)]
    [InlineData("bye", 7)]
    [InlineData("E4-b2", 1)]
    [InlineData("E4", 0)]
    [InlineData("", 0)]
    public void Find_AName_GivesTheRowOrItsFamily(string name, int rows) => Assert.Equal(rows, LabTable.Find(name).Count);
}
