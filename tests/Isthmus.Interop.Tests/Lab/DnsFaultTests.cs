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
    private const string Lost = "203.0.113.99";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SilentWithin = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LocalWithin = TimeSpan.FromSeconds(1);

    // RFC 3261 §17.1.1.2: timer B.
    private static readonly TimeSpan TimerB = TimeSpan.FromSeconds(32);

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
        new("_sip._udp.closed", DnsType.SRV, "10 50 5999 both"), new("_sip._udp.closed", DnsType.SRV, "20 50 5998 four"),
        new("no-way", DnsType.A, "198.51.100.77"), new("no-way", DnsType.AAAA, "2001:db8:dead::77"),
        new("gone", DnsType.A, Lost),
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

    // The servers are found, and none of them serves: nothing of that is a reason to spare this server for other domains, so it is never 503 (RFC 3261 §16.7 step 6).
    private static readonly (string Uri, int Status)[] ExpectedOfServers =
    [
        ("sip:t9@closed.a.example", 500), ("sip:t9@both.a.example:5999;transport=tcp", 500), ("sip:t9@no-way.a.example:5060", 500),
        ("sip:t9@no-way.a.example:5060;transport=tcp", 500), ($"sip:{AgentAnswers.Unavailable}@both.a.example:5060", 500),
        ($"sip:{AgentAnswers.Unavailable}@both.a.example:5060;transport=tcp", 500), ("sip:t9@both.a.example:5060", 180),
    ];

    [Fact]
    public async Task EachFault_HasItsStatusInTime_AndLocalCallsRing()
    {
        await using var bed = await NamesBed.StartAsync(Records, Configuration, lost: [Lost]);
        await ExpectAsync(bed, Expected.Select(fault => ($"sip:t9@{fault.Host}", fault.Status)));
        var questions = bed.Questions();
        Assert.Equal(2, questions.Count(question => question.EndsWith("SRV _sip._udp.instant.a.example.", StringComparison.Ordinal))); // a TTL of 0 is for one call
        Assert.Equal(1, questions.Count(question => question.EndsWith("SRV _sip._udp.many.a.example.", StringComparison.Ordinal))); // and then by TCP
    }

    /// <summary>What DNS says is right, and leads to servers that refuse, cannot be reached, say 503, or say nothing.</summary>
    [Fact]
    public async Task EveryServerIsDead_HasItsStatusInTime_AndLocalCallsRing()
    {
        await using var bed = await NamesBed.StartAsync(Records, lost: [Lost]);
        var silent = TimedAsync(bed.Another, "sip:t9@gone.a.example:5060", TimerB + Patience);
        await ExpectAsync(bed, ExpectedOfServers);
        var (status, time) = await silent;
        Assert.True(status == 408 && time >= TimerB - TimeSpan.FromSeconds(1) && time < TimerB + AnsweredWithin, $"{status} after {time}\n{bed.Log}");
    }

    private static async Task ExpectAsync(NamesBed bed, IEnumerable<(string Uri, int Status)> expected)
    {
        var problems = new List<string>();
        foreach (var (uri, status) in expected)
        {
            var call = TimedAsync(bed.Caller, uri, Patience);
            var local = await TimedAsync(bed.Neighbour, bed.Local, Patience);
            var (said, time) = await call;
            if (said != status || time > (status == 504 ? SilentWithin : AnsweredWithin))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{uri}: {said} after {time.TotalMilliseconds:F0} ms, expected {status}"));
            }

            if (local.Status != 180 || local.Time > LocalWithin)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"beside {uri} a local call got {local.Status} after {local.Time.TotalMilliseconds:F0} ms"));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\n" + bed.Log);
    }

    /// <summary>The first of two resolvers' addresses is of a version whose packets vanish.</summary>
    [Theory]
    [InlineData(IpVersion.V6)]
    [InlineData(IpVersion.V4)]
    public async Task Resolver_BlackHoledOnOneVersion_IsAskedByTheOther(IpVersion lost)
    {
        await using var bed = await NamesBed.StartAsync(Records, lost: [lost == IpVersion.V6 ? "2001:db8:0:f::51" : "203.0.113.51"]);
        var (status, time) = await TimedAsync(bed.Caller, "sip:t9@only-aaaa.a.example", Patience);
        Assert.True(status == 180 && time < AnsweredWithin, $"{status} after {time}\n{bed.Log}");
        Assert.Equal(180, (await TimedAsync(bed.Neighbour, bed.Local, Patience)).Status);
    }

    private static async Task<(int? Status, TimeSpan Time)> TimedAsync(CallingAgent agent, string uri, TimeSpan patience)
    {
        var begun = Stopwatch.GetTimestamp();
        TimeSpan? took = null;
        var (_, _, answer) = await agent.RingAsync(uri, patience, TestContext.Current.CancellationToken, _ => took = Stopwatch.GetElapsedTime(begun));
        return (answer?.StatusCode, took ?? Stopwatch.GetElapsedTime(begun));
    }
}
