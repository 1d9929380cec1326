// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

/// <summary>Dead servers and dead IP versions cost a call milliseconds, the next call nothing, and nobody hears one INVITE twice (docs/decisions/0044).</summary>
public sealed class ServerWalkTests
{
    private static readonly TimeSpan Bar = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan NextBar = TimeSpan.FromMilliseconds(50);

    private static Action<ServerTransaction> Ring => request => FarServer.Answer(request, 180);

    [Theory]
    [InlineData(SipTransport.Udp, IpVersion.V6)]
    [InlineData(SipTransport.Udp, IpVersion.V4)]
    [InlineData(SipTransport.Tcp, IpVersion.V6)]
    [InlineData(SipTransport.Tcp, IpVersion.V4)]
    public void Invite_OneVersionIsABlackHole_RingsByTheOtherAndTheNextCallAtOnce(SipTransport transport, IpVersion dead) => WalkWorld.Play(async w =>
    {
        FarServer far = dead == IpVersion.V6
            ? w.Far("far", transport, 0, "2001:db8::20", "192.0.2.20")
            : w.Far("far", transport, 0, "192.0.2.20", "2001:db8::20");
        far.Serve = Ring;
        w.Blackhole(far, dead == IpVersion.V6 ? IpVersions.V6 : IpVersions.V4);
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < Bar, $"{time}");
        Assert.Equal(1, far.Invites);
        Assert.Equal(TargetState.Bad, w.StateOf(far, dead, transport));
        await Hangup(w, invite);

        (invite, _, time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        Assert.Equal(2, far.Invites);
        await Hangup(w, invite);
        Assert.Equal(2, far.Cancels);
    });

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void Invite_FirstServerIsDead_RingsAtTheSecondAndTheNextCallAtOnce(SipTransport transport) => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", transport, 0, "2001:db8::20", "192.0.2.20");
        FarServer two = w.Far("two", transport, 1, "2001:db8::30", "192.0.2.30");
        two.Serve = Ring;
        w.Blackhole(one, IpVersions.Both);
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < Bar, $"{time}");
        await Hangup(w, invite);
        (invite, _, time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        await Hangup(w, invite);
        Assert.Equal((0, 2, 2), (one.Invites, two.Invites, two.Cancels));
    });

    private static async Task Hangup(WalkWorld w, RawMessage invite)
    {
        w.Alice.Cancel(invite);
        w.Alice.AckFailure(invite, await w.Alice.Expect("487"));
        await w.Alice.Expect("200");
    }
}
