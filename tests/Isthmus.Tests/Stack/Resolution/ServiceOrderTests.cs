// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

public sealed class ServiceOrderTests
{
    private static ServiceRecord Record(int priority, int weight, string target) => new("_sip._udp.example.com", TimeSpan.FromSeconds(60), priority, weight, 5060, target);

    [Fact]
    public async Task Locate_ThousandTimes_SpreadsByWeightWithinAPriority()
    {
        var locating = new Locating();
        locating.Dns.Srv("_sip._udp.example.com", 1, 60, 5060, "a.example.com").Srv("_sip._udp.example.com", 1, 30, 5060, "b.example.com")
            .Srv("_sip._udp.example.com", 1, 10, 5060, "c.example.com").Srv("_sip._udp.example.com", 2, 1000, 5060, "d.example.com");
        foreach (var (host, address) in new[] { ("a", "192.0.2.1"), ("b", "192.0.2.2"), ("c", "192.0.2.3"), ("d", "192.0.2.4") })
        {
            locating.Dns.Address(host + ".example.com", address);
        }
        var first = new Dictionary<string, int>();
        for (int i = 0; i < 1000; i++)
        {
            var located = await locating.FindAsync("sip:example.com");
            first[located.Targets[0].HostName!] = first.GetValueOrDefault(located.Targets[0].HostName!) + 1;
            Assert.Equal(("d.example.com", 1), (located.Targets[3].HostName, located.Targets[3].Group));
        }
        // Five standard deviations of a binomial distribution.
        Assert.InRange(first["a.example.com"], 600 - 78, 600 + 78);
        Assert.InRange(first["b.example.com"], 300 - 73, 300 + 73);
        Assert.InRange(first["c.example.com"], 100 - 48, 100 + 48);
        Assert.False(first.ContainsKey("d.example.com"));
    }

    [Fact]
    public void Of_WeightsOfZero_HaveASmallChanceBesideOthersAndAnEvenOneAlone()
    {
        var random = new Random(2782);
        int first = 0;
        for (int i = 0; i < 1000; i++)
        {
            first += ServiceOrder.Of([Record(0, 99, "heavy"), Record(0, 0, "light")], random)[0].Target == "light" ? 1 : 0;
        }
        Assert.InRange(first, 1, 30);
        Assert.Equal(["only"], ServiceOrder.Of([Record(0, 0, "only")], random).Select(record => record.Target));
    }

    [Fact]
    public void Of_DenialsAndPortsOfZero_AreLeftOut() =>
        Assert.Equal(["b"], ServiceOrder.Of([Record(0, 0, "."), Record(1, 0, "b"), Record(0, 0, "a") with { Port = 0 }], new Random(1)).Select(record => record.Target));

    [Fact]
    public void Of_AnyRecords_IsAPermutationInOrderOfPriority() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 65535], Gen.String[Gen.Char['a', 'z'], 1, 3]).Select(Record).List[0, 40].Select(Gen.Int).Sample((records, seed) =>
        {
            var ordered = ServiceOrder.Of(records, new Random(seed));
            return ordered.Select(record => record.Priority).SequenceEqual(records.Select(record => record.Priority).Order())
                && ordered.GroupBy(record => record).All(group => group.Count() == records.Count(record => record == group.Key));
        });
}
