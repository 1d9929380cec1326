// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Running;

/// <summary>That what is captured is judged: a call as FIG. 4 describes it is good, and each difference is a problem of its own.</summary>
public sealed class LabCheckTests
{
    private static readonly LabRow Row = LabTable.Find("4")[0];
    private static readonly NetworkPlan Plan = NetworkPlan.Of(Row.Figure, Row.Networks[0]);

    [Fact]
    public void Call_AsDescribed_HasNoProblem() => Assert.Empty(Problems(Call()));

    [Fact]
    public void Media_OnTheOtherVersion_IsAProblem()
    {
        using var tone = new ToneSource(440);
        Assert.Equal(
            ["1 RTP packets went from T5 to S1 on IPv6"],
            Problems([.. Call(), new Frames(Plan).Rtp(900, "T5", "S1", IpVersion.V6, tone)]));
    }

    [Fact]
    public void Silence_InOneDirection_IsAProblem() => Assert.Contains("what T6 sent to T5 is not a tone", Problems(Call(callerTone: null)));

    [Fact]
    public void AnotherTone_IsAProblem() => Assert.Contains("T6 sent a tone of 500 Hz to T5, expected 440 Hz", Problems(Call(callerTone: 500)));

    [Fact]
    public void AMissingArrow_IsAProblem() =>
        Assert.StartsWith("the sequence was [T6 -> S1 INVITE, ", Assert.Single(Problems([.. Call().Where((_, i) => i != 3)])), StringComparison.Ordinal);

    [Fact]
    public void ABye_ThatNobodyConfirms_IsAProblem() => Assert.Equal(["no 200 for its BYE reached T6"], Problems([.. Call().SkipLast(1)]));

    [Fact]
    public void Media_AfterTheEnd_IsAProblem()
    {
        using var tone = new ToneSource(660);
        Assert.Equal(["T5 still sent media after the call had ended"], Problems([.. Call(), new Frames(Plan).Rtp(5000, "T5", "T6", IpVersion.V4, tone)]));
    }

    [Fact]
    public void Programs_ThatRefuseInTheirOwnWords_AreExpectedToSay488()
    {
        LabRow row = LabTable.Find("7")[0];
        var settings = new LabSettings { Isthmus = [], Output = "", Programs = new Dictionary<string, string> { ["T6"] = "baresip" } };
        Assert.Equal(
            ["T5 => S1 INVITE", "S1 -> T6 INVITE", "T6 -> S1 488", "S1 => T5 488", "T5 => S1 INVITE"],
            new LabCheck(row, NetworkPlan.Of(row.Figure, row.Networks[0]), settings).Expected.Take(5));
    }

    private static IReadOnlyList<string> Problems(IReadOnlyList<CapturedPacket> packets)
    {
        using var seen = new Observation(Plan, 0);
        foreach (CapturedPacket packet in packets)
        {
            seen.Add(packet);
        }

        return new LabCheck(Row, Plan, new LabSettings { Isthmus = [], Output = "" }).Problems(seen);
    }

    private static IReadOnlyList<CapturedPacket> Call(double? callerTone = 440)
    {
        var frames = new Frames(Plan);
        using ToneSource? caller = callerTone is { } hertz ? new ToneSource(hertz) : null;
        using var callee = new ToneSource(660);
        using var silence = new ToneSource(440, levelDb: -96);
        var packets = new List<CapturedPacket>();
        foreach (var (from, to, start, cseq) in new[]
        {
            ("T6", "S1", "INVITE sip:t5@isthmus.example SIP/2.0", "1 INVITE"), ("S1", "T5", "INVITE sip:t5@isthmus.example SIP/2.0", "1 INVITE"),
            ("T5", "S1", "SIP/2.0 200 OK", "1 INVITE"), ("S1", "T6", "SIP/2.0 200 OK", "1 INVITE"),
            ("T6", "S1", "ACK sip:t5@192.0.2.5 SIP/2.0", "1 ACK"), ("S1", "T5", "ACK sip:t5@192.0.2.5 SIP/2.0", "1 ACK"),
        })
        {
            packets.Add(Message(from, to, start, cseq));
        }

        for (int i = 0; i < 100; i++)
        {
            packets.Add(frames.Rtp(200 + (i * 20), "T6", "T5", IpVersion.V4, caller ?? silence));
            packets.Add(frames.Rtp(200 + (i * 20), "T5", "T6", IpVersion.V4, callee));
        }

        foreach (var (from, to, start) in new[] { ("T6", "S1", "BYE sip:t5@192.0.2.5 SIP/2.0"), ("S1", "T5", "BYE sip:t5@192.0.2.5 SIP/2.0"), ("T5", "S1", "SIP/2.0 200 OK"), ("S1", "T6", "SIP/2.0 200 OK") })
        {
            packets.Add(Message(from, to, start, "2 BYE", at: 2300));
        }

        return packets;

        CapturedPacket Message(string from, string to, string start, string cseq, int at = 100) =>
            frames.Udp(at, from, to, IpVersion.V4, Frames.Message(start, cseq, start.StartsWith("ACK", StringComparison.Ordinal) ? "z9hG4bKack" : "z9hG4bK1"));
    }
}
