// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;
using Isthmus.Tests.Lab;

namespace Isthmus.Tests.Figures;

public sealed class FigureSequenceTests
{
    private readonly Ladder _ladder = new(TimeProvider.System);

    [Fact]
    public void Seen_OfRepetitions_IsOneArrow()
    {
        Invite(IpVersion.V6, "z9hG4bK1");
        Invite(IpVersion.V6, "z9hG4bK1");
        Invite(IpVersion.V4, "z9hG4bK1"); // the same request to the other address of the server
        Assert.Equal(["S1-1 => S1-2 INVITE"], FigureSequence.Seen(_ladder));
    }

    [Fact]
    public void Seen_OfASecondRequest_IsASecondArrow()
    {
        Invite(IpVersion.V6, "z9hG4bK1");
        Invite(IpVersion.V4, "z9hG4bK2");
        Assert.Equal(["S1-1 => S1-2 INVITE", "S1-1 -> S1-2 INVITE"], FigureSequence.Seen(_ladder));
    }

    private void Invite(IpVersion version, string branch) =>
        _ladder.Sent(TimeSpan.Zero, "S1-1", "S1-2", version, SipTransport.Udp, Frames.Message("INVITE sip:t6@b.example SIP/2.0", "1 INVITE", branch));
}
