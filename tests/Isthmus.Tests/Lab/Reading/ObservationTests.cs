// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Lab;
using Isthmus.Media;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Reading;

public sealed class ObservationTests
{
    private const string Invite = "INVITE sip:t6@isthmus.example SIP/2.0";
    private readonly Frames _frames = new(Frames.Figure3);

    [Fact]
    public void Messages_OverUdpAndTcp_AreArrowsOfTheirVersion()
    {
        using var seen = Seen(
            _frames.Udp(5, "T5", "S1", IpVersion.V6, Frames.Message(Invite, "1 INVITE", body: "v=0\r\nc=IN IP6 ::1\r\n")),
            _frames.Udp(9, "S1", "T5", IpVersion.V6, Frames.Message("SIP/2.0 380 Alternative Service", "1 INVITE")),
            _frames.Tcp(20, "T5", "S1", IpVersion.V4, 0, [], opens: true),
            _frames.Tcp(21, "T5", "S1", IpVersion.V4, 1, Frames.Message(Invite, "2 INVITE", "z9hG4bK2")));
        Assert.Equal(["T5 => S1 INVITE", "S1 => T5 380", "T5 -> S1 INVITE"], FigureSequence.Seen(seen.Ladder));
        Assert.Equal([SipTransport.Udp, SipTransport.Udp, SipTransport.Tcp], seen.Ladder.Arrows.Select(arrow => arrow.Transport));
        Assert.Equal(TimeSpan.FromMilliseconds(5), seen.Ladder.Arrows[0].At);
        Assert.Equal("IP6", seen.Ladder.Arrows[0].Session);
    }

    [Fact]
    public void Message_ThatARouterForwards_IsOneArrow()
    {
        var plan = NetworkPlan.Of(FigureTable.Find("3")!, LabNetwork.Figure2);
        var frames = new Frames(plan);
        byte[] invite = Frames.Message(Invite, "1 INVITE");
        using var seen = new Observation(plan, 0);
        seen.Add(frames.Udp(1, "S1", "T6", IpVersion.V4, invite));
        seen.Add(frames.Forwarded(2, "S1", "T6", IpVersion.V4, invite));
        Assert.Equal("S1 -> T6 INVITE", Assert.Single(seen.Ladder.Arrows).Notation);
    }

    [Fact]
    public void Message_InFragments_IsOneArrow()
    {
        using var seen = Seen([.. _frames.Fragmented(1, "T5", "S1", IpVersion.V6, Frames.Message(Invite, "1 INVITE", body: new string('x', 3000)), 1448)]);
        Assert.Equal("T5 => S1 INVITE", Assert.Single(seen.Ladder.Arrows).Notation);
    }

    [Fact]
    public void Rtp_IsCountedPerDirectionAndVersion_AndItsToneIsHeard()
    {
        using var caller = new ToneSource(440);
        using var callee = new ToneSource(660);
        using var seen = Seen(
        [
            .. Enumerable.Range(0, 100).SelectMany(i => (CapturedPacket[])[_frames.Rtp(i * 20, "T5", "T6", IpVersion.V4, caller), _frames.Rtp(i * 20, "T6", "T5", IpVersion.V4, callee)]),
            _frames.Udp(3000, "T5", "T6", IpVersion.V4, [0x80, 200, 0, 1, 0, 0, 0, 0], 10_001),
        ]);
        Assert.Equal([("T5", "T6", 100, 1), ("T6", "T5", 100, 0)], seen.Media.Select(flow => (flow.From, flow.To, flow.Packets, flow.ControlPackets)));
        Assert.Equal([440, 660], seen.Media.Select(flow => Math.Round(flow.Tone!.Value.FrequencyHz)));
        Assert.Equal(TimeSpan.FromMilliseconds(1980), seen.Media.First().LastAt);
        Assert.Empty(seen.Ladder.Arrows);
    }

    [Fact]
    public void Question_ToDns_IsARemark()
    {
        var plan = NetworkPlan.Of(FigureTable.Find("3")! with { Servers = ["S1-1", "S1-2"] }, LabNetwork.Figure11);
        using var seen = new Observation(plan, 0);
        seen.Add(new Frames(plan).Udp(1, "S1-1", "N1", IpVersion.V6, new DnsMessage(1, "b.example", DnsType.NAPTR).ToQuery(), 53));
        Assert.Equal("asks N1 by IPv6: NAPTR b.example.", Assert.Single(seen.Ladder.Notes).Text);
    }

    private static Observation Seen(params CapturedPacket[] packets)
    {
        var seen = new Observation(Frames.Figure3, 0);
        foreach (CapturedPacket packet in packets)
        {
            seen.Add(packet);
        }

        return seen;
    }
}
