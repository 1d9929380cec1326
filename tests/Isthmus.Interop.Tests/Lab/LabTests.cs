// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Xml.Linq;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Lab;

/// <summary>The figures on hosts that really have one version or both, judged by what was captured on their interfaces.</summary>
public sealed class LabTests
{
    /// <summary>Every row of docs/figures.md with one domain, bye included; networks and transports by turns.</summary>
    [Fact]
    public async Task EveryFigure_InItsNetworks_IsAsDescribed()
    {
        await using var lab = LabProgram.Start("all --once --domains 1 --jobs 2");
        var (code, rows) = await lab.ResultAsync();
        Assert.All(rows.Where(row => !row.GetProperty("good").GetBoolean()), row => Assert.Fail(Drawn(row)));
        Assert.Equal(0, code);
        Assert.Equal(LabTable.All.Where(row => row.Figure.Servers.Count == 1).Select(row => row.Name), rows.Select(row => row.GetProperty("figure").GetString()));
        Assert.Equal(["1", "2"], rows.Select(row => row.GetProperty("network").GetString()!).Distinct().Order());
        Assert.Equal(["tcp", "udp"], rows.Select(row => row.GetProperty("caller").GetProperty("transport").GetString()!).Distinct().Order());
        Assert.Empty(LabProgram.NamespacesOf(lab.Program.Id));
    }

    /// <summary>FIG. 3 with T6 behind the router, T5 by TCP and T6 by UDP: the sequence, the media, and the files that show them.</summary>
    [Fact]
    public async Task Figure3_BehindTheRouter_IsCapturedDrawnAndCounted()
    {
        await using var lab = LabProgram.Start("figure 3 --network 2 --caller-transport tcp");
        var (code, rows) = await lab.ResultAsync();
        JsonElement row = Assert.Single(rows);
        Assert.Equal([], LabProgram.Texts(row, "problems"));
        Assert.Equal(0, code);
        Assert.Equal(
            ["T5 => S1 INVITE", "S1 => T5 380", "T5 -> S1 INVITE", "S1 -> T6 INVITE", "T6 -> S1 200", "S1 -> T5 200", "T5 -> S1 ACK", "S1 -> T6 ACK"],
            LabProgram.Texts(row, "seen"));
        Assert.Equal(
            [("T5", "T6", "IPv4", 440), ("T6", "T5", "IPv4", 660)],
            row.GetProperty("media").EnumerateArray()
                .Select(media => (media.GetProperty("from").GetString()!, media.GetProperty("to").GetString()!, media.GetProperty("version").GetString()!, media.GetProperty("toneHz").GetInt32())).Order());
        Assert.All(row.GetProperty("media").EnumerateArray(), media => Assert.InRange(media.GetProperty("rtp").GetInt32(), 25, 1000));

        string ladder = await File.ReadAllTextAsync(Path.Combine(lab.Output, "ladder.txt"), TestContext.Current.CancellationToken);
        Assert.Contains("380 Alternative Service", ladder, StringComparison.Ordinal);
        var arrows = XDocument.Load(Path.Combine(lab.Output, "ladder.svg")).Root!.Elements().Where(element => element.Attribute("marker-end") is not null).ToList();
        Assert.Contains(arrows, arrow => arrow.Attribute("stroke-dasharray") is null);
        Assert.Contains(arrows, arrow => arrow.Attribute("stroke-dasharray") is not null);
        Assert.NotEmpty(Captured(lab, "capture"));
        Assert.Equal([IpVersion.V4, IpVersion.V6], Versions(lab, "T5"));
        Assert.Equal([IpVersion.V4], Versions(lab, "T6")); // really without IPv6: not even a neighbour solicitation
    }

    /// <summary>FIG. 7: baresip refuses an offer that it cannot use with a bare 488, and our phone offers IPv4.</summary>
    [Fact]
    public async Task Figure7_WithBaresipAsT6_HasA488InThePlaceOfThe380()
    {
        Baresip.SkipUnlessInstalled();
        await using var lab = LabProgram.Start("figure 7 --t6 baresip");
        var (code, rows) = await lab.ResultAsync();
        Assert.Equal([], LabProgram.Texts(rows[0], "problems"));
        Assert.Equal(0, code);
        Assert.Contains("T6 -> S1 488", LabProgram.Texts(rows[0], "seen"));
        Assert.Equal("baresip", rows[0].GetProperty("callee").GetProperty("program").GetString());
    }

    /// <summary>The exit code is the judgement: with another method of the judge the sequence of FIG. 3 is another one.</summary>
    [Fact]
    public async Task Figure3_WhereTheServerCarries_IsNotAsDescribed()
    {
        await using var lab = LabProgram.Start("figure 3 --method carry");
        var (code, rows) = await lab.ResultAsync();
        Assert.Equal(1, code);
        Assert.Contains(LabProgram.Texts(rows[0], "problems"), problem => problem!.StartsWith("the sequence was [T5 => S1 INVITE, S1 -> T6 INVITE, ", StringComparison.Ordinal));
    }

    /// <summary>Ctrl-C takes everything away at once; what kill -9 left, the next run takes away.</summary>
    [Fact]
    public async Task Run_InterruptedOrKilled_LeavesNothingBehind()
    {
        await using var killed = LabProgram.Start("figure 4");
        await killed.Program.SaysAsync("T6 calls T5");
        await killed.Program.SignalAsync("KILL");
        await killed.Program.ExitAsync();
        Assert.NotEmpty(LabProgram.NamespacesOf(killed.Program.Id));

        await using var interrupted = LabProgram.Start("figure 4");
        await interrupted.Program.SaysAsync("T6 calls T5");
        Assert.Empty(LabProgram.NamespacesOf(killed.Program.Id));
        Assert.NotEmpty(LabProgram.NamespacesOf(interrupted.Program.Id));
        await interrupted.Program.SignalAsync("INT");
        Assert.Equal(1, await interrupted.Program.ExitAsync());
        Assert.Contains("interrupted; everything is taken away", interrupted.Program.Output.Text, StringComparison.Ordinal);
        Assert.Empty(LabProgram.NamespacesOf(interrupted.Program.Id));
    }

    [Fact]
    public async Task Run_ByAnOrdinaryUser_SaysThatItNeedsRoot()
    {
        var setpriv = ChildProgram.Require("setpriv", "util-linux");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "becoming an ordinary user needs root");
        await using var lab = ChildProgram.Start(setpriv, ["--reuid", "65534", "--clear-groups", IsthmusServer.Program, "lab", "figure", "3"], Path.GetTempPath());
        Assert.Equal(1, await lab.ExitAsync());
        Assert.Contains("only root may do: sudo ./isthmus lab figure 3", lab.Output.Text, StringComparison.Ordinal);
    }

    // What was drawn says why a row is not as described.
    private static string Drawn(JsonElement row) => File.ReadAllText(Path.Combine(row.GetProperty("output").GetString()!, "ladder.txt"));

    private static IReadOnlyList<CapturedPacket> Captured(LabProgram lab, string name)
    {
        Assert.True(PcapReader.TryRead(File.ReadAllBytes(Path.Combine(lab.Output, $"{name}.pcap")), out var packets, out var problem), problem);
        return packets;
    }

    private static IEnumerable<IpVersion> Versions(LabProgram lab, string host) =>
        Captured(lab, host).Select(packet => IpPacket.TryRead(packet.Frame, out var ip) ? ip.Source.Version : (IpVersion?)null).OfType<IpVersion>().Distinct().Order();
}
