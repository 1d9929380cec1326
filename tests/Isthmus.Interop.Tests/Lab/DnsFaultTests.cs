// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>
/// What a real name server can answer, or not: each fault of a domain has the status of its clause within a bounded time, and meanwhile local calls ring.
/// </summary>
public sealed class DnsFaultTests
{
    private const int Many = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SilentWithin = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LocalWithin = TimeSpan.FromSeconds(1);

    private static string V4 => NamesBed.AddressOf(NamesBed.Ringing, IpVersion.V4);

    private static string V6 => NamesBed.AddressOf(NamesBed.Ringing, IpVersion.V6);

    private static readonly IReadOnlyList<ZoneRecord> Records =
    [
        new("four", DnsType.A, V4), new("six", DnsType.AAAA, V6), new("both", DnsType.A, V4), new("both", DnsType.AAAA, V6),
        new("_sip._udp.only-a", DnsType.SRV, "10 50 5060 four"),
        new("_sip._udp.only-aaaa", DnsType.SRV, "10 50 5060 six"),
        new("_sip._udp.no-address", DnsType.SRV, "10 50 5060 nothing"),
        new("_other._udp.no-service", DnsType.SRV, "10 50 5060 four"),
        new("_sip._udp.denied", DnsType.SRV, "0 0 0 ."), new("_sip._tcp.denied", DnsType.SRV, "0 0 0 ."),
        new("alias", DnsType.CNAME, "alias2"), new("alias2", DnsType.CNAME, "alias3"), new("alias3", DnsType.CNAME, "both"),
        new("_sip._udp.service-alias", DnsType.CNAME, "_sip._udp.only-aaaa"),
        new("_sip._udp.instant", DnsType.SRV, "10 50 5060 instant-host") { Seconds = 0 }, new("instant-host", DnsType.AAAA, V6) { Seconds = 0 },
        .. Enumerable.Range(0, Many).Select(i => new ZoneRecord("_sip._udp.many", DnsType.SRV, string.Create(CultureInfo.InvariantCulture, $"10 50 5060 host-number-{i}"))),
        .. Enumerable.Range(0, Many).Select(i => new ZoneRecord(string.Create(CultureInfo.InvariantCulture, $"host-number-{i}"), DnsType.AAAA, V6)),
    ];

    // One zone cannot be read, so that it says SERVFAIL; the questions for another go to where nobody is, so that it says nothing.
    private const string Configuration = """

        remote:
          - id: nobody
            address: [ 203.0.113.99@53 ]

        mod-dnsproxy:
          - id: nobody
            remote: nobody
            fallback: off
            timeout: 30000

        zone:
          - domain: broken.example
            file: /nonexistent/zone
          - domain: silent.example
            module: mod-dnsproxy/nobody

        """;

    private static readonly (string Host, int Status)[] Expected =
    [
        ("nobody.a.example", 404), ("denied.a.example", 604), ("no-service.a.example", 480), ("no-address.a.example", 480), ("broken.example", 500),
        ("only-a.a.example", 180), ("only-aaaa.a.example", 180), ("alias.a.example:5060", 180), ("service-alias.a.example", 180),
        ("instant.a.example", 180), ("instant.a.example", 180), ("many.a.example", 180), ("b.example", 500), ("silent.example", 504),
    ];

    [Fact]
    public async Task EachFault_HasItsStatusInTime_AndLocalCallsRing()
    {
        await using var bed = await NamesBed.StartAsync(Records, Configuration, lost: ["203.0.113.99"]);
        var problems = new List<string>();
        foreach (var (host, status) in Expected)
        {
            var call = TimedAsync(bed.Caller, $"sip:t9@{host}");
            var local = await TimedAsync(bed.Neighbour, bed.Local);
            var (said, time) = await call;
            if (said != status || time > (status == 504 ? SilentWithin : AnsweredWithin))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{host}: {said} after {time.TotalMilliseconds:F0} ms, expected {status}"));
            }

            if (local.Status != 180 || local.Time > LocalWithin)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"beside {host} a local call got {local.Status} after {local.Time.TotalMilliseconds:F0} ms"));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\n" + bed.Log);
        var questions = bed.Questions();
        Assert.Equal(2, questions.Count(question => question.EndsWith("SRV _sip._udp.instant.a.example.", StringComparison.Ordinal))); // a TTL of 0 is for one call
        Assert.Equal(1, questions.Count(question => question.EndsWith("SRV _sip._udp.many.a.example.", StringComparison.Ordinal))); // and then by TCP
    }

    /// <summary>The first of two resolvers' addresses is of a version whose packets vanish.</summary>
    [Theory]
    [InlineData(IpVersion.V6)]
    [InlineData(IpVersion.V4)]
    public async Task Resolver_BlackHoledOnOneVersion_IsAskedByTheOther(IpVersion lost)
    {
        await using var bed = await NamesBed.StartAsync(Records, lost: [lost == IpVersion.V6 ? "2001:db8:0:f::51" : "203.0.113.51"]);
        var (status, time) = await TimedAsync(bed.Caller, "sip:t9@only-aaaa.a.example");
        Assert.True(status == 180 && time < AnsweredWithin, $"{status} after {time}\n{bed.Log}");
        Assert.Equal(180, (await TimedAsync(bed.Neighbour, bed.Local)).Status);
    }

    private static async Task<(int? Status, TimeSpan Time)> TimedAsync(CallingAgent agent, string uri)
    {
        var begun = Stopwatch.GetTimestamp();
        TimeSpan? took = null;
        var (_, _, answer) = await agent.RingAsync(uri, Patience, TestContext.Current.CancellationToken, _ => took = Stopwatch.GetElapsedTime(begun));
        return (answer?.StatusCode, took ?? Stopwatch.GetElapsedTime(begun));
    }
}
