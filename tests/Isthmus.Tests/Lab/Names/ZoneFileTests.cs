// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Names;

public sealed class ZoneFileTests
{
    [Fact]
    public void Zone_OfADualStackDomain_HasServicesAndAddressesOfBothVersions() => Assert.Equal(
        """
        $ORIGIN a.example.
        $TTL 60
        @ SOA n1 hostmaster 1 3600 600 86400 60
        @ NS n1
        n1 AAAA 2001:db8:0:d::51
        n1 A 192.0.2.51
        @ NAPTR 10 50 "s" "SIP+D2U" "" _sip._udp.a.example.
        @ NAPTR 20 50 "s" "SIP+D2T" "" _sip._tcp.a.example.
        _sip._udp SRV 10 50 5060 s1
        _sip._tcp SRV 10 50 5060 s1
        s1 AAAA 2001:db8:0:d::10
        s1 A 192.0.2.10

        """,
        ZoneFile.Text(Zone.Of(Plan, Plan.Network.Domains[0])));

    /// <summary>FIG. 17: the server of the other domain has IPv4 addresses only, so its DNS has no AAAA for it.</summary>
    [Fact]
    public void Zone_OfAnIpv4OnlyDomain_HasNoIpv6Address() => Assert.DoesNotContain("AAAA", ZoneFile.Text(Zone.Of(Plan, Plan.Network.Domains[1])), StringComparison.Ordinal);

    [Fact]
    public void Zone_OfADomainThatPrefersTcp_NamesItFirstAndItsServersInTheirOrder()
    {
        var domain = new LabDomain("c.example", "S3-1", IpVersions.V4) { NameServer = "N3", Spares = ["S3-2"] };
        var plan = NetworkPlan.Of(new LabNetwork("", "") { Domains = [domain] });
        Assert.Equal(
            ["10 50 \"s\" \"SIP+D2T\" \"\" _sip._tcp.c.example.", "20 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.c.example.", "10 50 5060 s3-1", "20 50 5060 s3-2"],
            Zone.Of(plan, domain, SipTransport.Tcp).Records.Where(record => record.Type == DnsType.NAPTR || record.Owner == "_sip._tcp").Select(record => record.Data));
    }

    private static NetworkPlan Plan => NetworkPlan.Of(DomainFigureTable.Find("17")!, LabNetwork.Figure12);
}
