// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Failover;

public sealed class FailoverReportTests
{
    private static readonly FailoverResult Normal = Result(FailoverFault.None, 6, 5);

    [Theory]
    [InlineData(590, 54, 2, 0)]
    [InlineData(601, 5, 2, 1)]
    [InlineData(300, 56, 2, 1)]
    [InlineData(300, 20, 3, 1)]
    [InlineData(null, null, 0, 3)]
    public void Problems_OfOurServer_AreWhatBreaksThePromise(int? first, int? next, int invites, int problems)
    {
        FailoverResult result = Result(FailoverFault.FirstSilent, first, next, invites);
        Assert.Equal(problems, FailoverReport.Problems(result, [Normal, result]).Count);
    }

    [Fact]
    public void Problems_OfAnotherServer_AreNone()
    {
        FailoverResult result = Result(FailoverFault.FirstSilent, null, null, 0, "kamailio");
        Assert.Empty(FailoverReport.Problems(result, [Normal, result]));
        Assert.Equal(
            ["-", "kamailio", "udp", "first server silent", "over 40 s", "over 40 s", "0"],
            FailoverReport.Table([Normal, result]).Split('\n')[2].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void Results_AreAnObjectThatProgramsRead()
    {
        using var stream = new MemoryStream();
        FailoverReport.Write(stream, [Normal, Result(FailoverFault.Ipv4Lost, null, 7)]);
        JsonElement root = JsonDocument.Parse(stream.ToArray()).RootElement, row = root.GetProperty("rows")[1];
        Assert.False(root.GetProperty("good").GetBoolean());
        Assert.Equal(("IPv4 black-holed", "IPv4", JsonValueKind.Null, 7.0), (row.GetProperty("fault").GetString(), row.GetProperty("arrival").GetString(), row.GetProperty("firstMilliseconds").ValueKind, row.GetProperty("nextMilliseconds").GetDouble()));
    }

    [Fact]
    public void Cases_OfBothServers_HaveNamesOfTheirOwn()
    {
        IReadOnlyList<FailoverCase> cases = FailoverCase.All(ServerPrograms.Names);
        Assert.Equal(20, cases.Select(one => one.Name).Distinct().Count());
        Assert.Contains("isthmus-tcp-first-server-silent", cases.Select(one => one.Name));
    }

    private static FailoverResult Result(FailoverFault fault, int? first, int? next, int invites = 2, string server = ServerPrograms.Ours) => new()
    {
        Case = new FailoverCase(server, SipTransport.Udp, fault),
        First = first is { } one ? TimeSpan.FromMilliseconds(one) : null,
        Next = next is { } two ? TimeSpan.FromMilliseconds(two) : null,
        Invites = invites,
        Patience = TimeSpan.FromSeconds(40),
    };
}
