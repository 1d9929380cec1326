// SPDX-License-Identifier: Apache-2.0
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Tests.Figures;

public sealed class LadderTextTests
{
    [Fact]
    public void Line_OnIpv6_IsSolid_OnIpv4_Dashed()
    {
        var text = new LadderText(["T5", "S1", "T6"], gap: 26);
        var arrow = new Arrow { At = TimeSpan.FromMilliseconds(12), From = "T5", To = "S1", Version = IpVersion.V6, Transport = SipTransport.Udp, Method = SipMethod.Invite, Session = "IP6" };
        Assert.Equal("        T5                        S1                        T6", text.Header);
        Assert.Equal("    12   │───── INVITE (IP6) ─────>│                         │", text.Line(arrow));
        Assert.Equal("    12   │                         │< - - -  380 Go - - - - -│", text.Line(arrow with { From = "T6", Version = IpVersion.V4, Status = 380, Reason = "Go", Session = null }));
        Assert.Equal("T5 => S1 INVITE", arrow.Notation);
        Assert.Equal("    12   │                         │ * why", text.Line(new LadderNote(arrow.At, "S1", "why"))[..42]);
    }
}
