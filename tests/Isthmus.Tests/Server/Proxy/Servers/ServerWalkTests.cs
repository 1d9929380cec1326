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

    [Theory]
    [InlineData(SipTransport.Udp, "closed", TargetFault.Refused)]
    [InlineData(SipTransport.Tcp, "closed", TargetFault.Refused)]
    [InlineData(SipTransport.Udp, "silent", TargetFault.Silent)]
    [InlineData(SipTransport.Tcp, "silent", TargetFault.Silent)]
    [InlineData(SipTransport.Udp, "busy", TargetFault.Unavailable)]
    public void Invite_FirstServerFails_ItIsKnownWhy(SipTransport transport, string first, TargetFault fault) => WalkWorld.Play(async w =>
    {
        if (first == "closed")
        {
            w.Closed(transport, "192.0.2.20");
        }
        else
        {
            FarServer one = w.Far("one", transport, 0, "192.0.2.20");
            one.Serve = request => FarServer.Answer(request, 503);
            w.Blackhole(one, first == "silent" ? IpVersions.Both : IpVersions.None);
        }

        FarServer two = w.Far("two", transport, 1, "192.0.2.30");
        two.Serve = Ring;
        await Hangup(w, (await w.Invite()).Invite);
        Assert.Equal(fault, w.Health.Report().Single(report => report.EndPoint.Address.ToString() == "192.0.2.20").Fault);
        Assert.Null(w.Health.Report().Single(report => report.EndPoint.Address.ToString() == "192.0.2.30").Fault);
    });

    [Fact]
    public void Invite_OneVersionIsABlackHoleForAllServers_TheNextCallStaysWithTheFirstServer() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30", "192.0.2.30");
        (one.Serve, two.Serve) = (Ring, Ring);
        w.Servers.Sort((a, b) => b.Version.CompareTo(a.Version)); // as a judge has it who prefers IPv6
        w.Blackhole(one, IpVersions.V6);
        w.Blackhole(two, IpVersions.V6);
        await Hangup(w, (await w.Invite()).Invite);
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        Assert.Equal((2, 0), (one.Invites, two.Invites));
        await Hangup(w, invite);
    });

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void Invite_FirstAddressIsClosed_NextOneAtOnce(SipTransport transport) => WalkWorld.Play(async w =>
    {
        w.Closed(transport, "2001:db8::20");
        w.Closed(transport, "192.0.2.20");
        FarServer two = w.Far("two", transport, 1, "2001:db8::30");
        two.Serve = Ring;
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        Assert.Equal(2, w.Health.Report().Count(report => report.State == TargetState.Bad));
        await Hangup(w, invite);
    });

    [Fact]
    public void Invite_503_NextServerAndTheFirstIsSparedAsLongAsItAsks() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30", "192.0.2.30");
        one.Serve = request => FarServer.Answer(request, 503, retryAfter: "120");
        two.Serve = Ring;
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        await Hangup(w, invite);
        Assert.Equal((1, 1), (one.Requests.Count, two.Requests.Count));
        Assert.InRange(w.Health.Report().Single(report => report.EndPoint.ToString() == "[2001:db8::20]:5060").BadFor, TimeSpan.FromSeconds(119), TimeSpan.FromSeconds(120));
        (invite, _, _) = await w.Invite();
        await Hangup(w, invite);
        Assert.Equal((1, 2), (one.Requests.Count, two.Requests.Count));
    });

    [Fact]
    public void Invite_503Everywhere_Is500() => WalkWorld.Play(async w =>
    {
        w.Far("one", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20").Serve = request => FarServer.Answer(request, 503);
        w.Far("two", SipTransport.Tcp, 1, "2001:db8::30", "192.0.2.30").Serve = request => FarServer.Answer(request, 503);
        (RawMessage invite, RawMessage answer, _) = await w.Invite("500");
        w.Alice.AckFailure(invite, answer);
    });

    [Fact]
    public void Invite_503AfterItRang_IsTheAnswer() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        one.Serve = Ring;
        (RawMessage invite, _, _) = await w.Invite();
        FarServer.Answer(one.Requests[0], 503);
        w.Alice.AckFailure(invite, await w.Alice.Expect("500"));
        Assert.Empty(two.Requests);
    });

    [Fact]
    public void Invite_FirstIsSlowButThere_IsWaitedFor() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        one.Serve = request => _ = Later(request);
        (RawMessage invite, _, TimeSpan time) = await w.Invite("486", 20);
        Assert.Equal(10, time.TotalSeconds, 1);
        Assert.Equal((1, 0), (one.Options, two.Requests.Count));
        w.Alice.AckFailure(invite, w.Alice.Heard[^1]);

        async Task Later(ServerTransaction request)
        {
            await w.Delay(10_000);
            FarServer.Answer(request, 486);
        }
    });

    [Fact]
    public void Invite_SecondDoesNotSayThatItIsThere_GetsNothingBeforeTimerB() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        (two.AnswersOptions, two.Serve) = (false, Ring);
        w.Blackhole(one, IpVersions.Both);
        (RawMessage invite, _, TimeSpan time) = await w.Invite("180", 40);
        Assert.InRange(time.TotalSeconds, 32, 32.1);
        await Hangup(w, invite);
    });

    [Fact]
    public void Invite_FirstIsFarAway_WhoeverSpeaksFirstKeepsTheCallAndTheOtherIsCancelled() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        (one.Serve, two.Serve) = (Ring, Ring);
        w.LinkTo(one).Delay = TimeSpan.FromMilliseconds(400);
        (RawMessage invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < Bar, $"{time}");
        await w.Delay(2000);
        Assert.Equal((1, 1, 0), (one.Invites, one.Cancels, two.Cancels));
        FarServer.Answer(two.Requests[0], 200, ServerWorld.OfferV4);
        RawMessage ok = await w.Alice.Expect("200");
        w.Alice.Send(w.Alice.InDialog("ACK", invite, ok));
        await w.Delay(100);
        Assert.Equal(1, two.Acks);
    });

    [Fact]
    public void Invite_SecondIsThereButSilent_FirstKeepsTheCall() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        one.Serve = Ring;
        w.LinkTo(one).Delay = TimeSpan.FromMilliseconds(400);
        (RawMessage invite, _, _) = await w.Invite();
        FarServer.Answer(two.Requests[0], 180);
        await w.Delay(500);
        Assert.Equal((0, 1), (one.Cancels, two.Cancels));
        FarServer.Answer(one.Requests[0], 486);
        w.Alice.AckFailure(invite, await w.Alice.Expect("486"));
        Assert.Equal(TargetState.Good, w.StateOf(one, IpVersion.V6));
    });

    [Fact]
    public void Invite_SecondServerMeetsTheFirstOnesCall_FirstIsWaitedFor() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        two.Serve = request => FarServer.Answer(request, 482);
        w.LinkTo(one).Delay = TimeSpan.FromMilliseconds(400);
        one.Serve = request => FarServer.Answer(request, 486);
        (RawMessage invite, RawMessage answer, _) = await w.Invite("486");
        Assert.Equal((1, 1), (one.Invites, two.Invites));
        w.Alice.AckFailure(invite, answer);
    });

    [Fact]
    public void Invite_LeftServerAnswersWhenTheCallHasFailed_ItIsThankedAndHungUp() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        two.Serve = request => FarServer.Answer(request, 486);
        w.LinkTo(one).Delay = TimeSpan.FromMilliseconds(400);
        one.Serve = request => FarServer.Answer(request, request.Method == SipMethod.Invite ? 200 : 202, ServerWorld.OfferV6);
        (RawMessage invite, RawMessage answer, _) = await w.Invite("486");
        w.Alice.AckFailure(invite, answer);
        await w.Delay(3000);
        Assert.Equal((1, "BYE"), (one.Acks, one.Requests[^1].Method.Name));
        Assert.DoesNotContain(w.Alice.Heard, message => message.FirstLine.StartsWith("SIP/2.0 200", StringComparison.Ordinal));
    });

    [Fact]
    public void Invite_BothServersAccept_TheCallerHearsBoth() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        w.LinkTo(one).Delay = TimeSpan.FromMilliseconds(400);
        one.Serve = two.Serve = request => FarServer.Answer(request, 200, ServerWorld.OfferV4);
        await w.Invite("200");
        await w.Alice.Expect("200"); // RFC 3261 §16.7 item 5: every 2xx
    });

    [Theory]
    [InlineData(100)] // sent to the first, nothing heard
    [InlineData(400)] // and to its other address, and everybody is asked
    [InlineData(560)] // and to the second server
    public void Cancel_BeforeAnybodyIsHeard_NothingIsSentAnywhereElse(double after) => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30", "192.0.2.30");
        w.Blackhole(one, IpVersions.Both);
        w.LinkTo(two).Delay = TimeSpan.FromMilliseconds(20);
        RawMessage invite = w.Alice.Send(w.Alice.Request("INVITE", "sip:bob@far.example", body: ServerWorld.OfferV4));
        await w.Delay(after);
        w.Alice.Cancel(invite);
        await w.Alice.Expect("200");
        bool wasSent = after > 500;
        if (wasSent)
        {
            await w.Delay(100);
            FarServer.Answer(two.Requests.Single(), 180); // the CANCEL waits for it (RFC 3261 §9.1)
        }

        w.Alice.AckFailure(invite, await w.Alice.Expect("487", TimeSpan.FromSeconds(40)));
        Assert.Equal(wasSent ? (1, 1) : (0, 0), (two.Invites, two.Cancels));
    });

    [Fact]
    public void Cancel_WhileConnecting_Is487AtOnce() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Tcp, 0, "2001:db8::20", "192.0.2.20");
        w.Blackhole(one, IpVersions.Both);
        RawMessage invite = w.Alice.Send(w.Alice.Request("INVITE", "sip:bob@far.example", body: ServerWorld.OfferV4));
        await w.Delay(300);
        w.Alice.Cancel(invite);
        w.Alice.AckFailure(invite, await w.Alice.Expect("487", TimeSpan.FromMilliseconds(20)));
        w.Blackhole(one, IpVersions.None);
        await w.Delay(5000);
        Assert.Empty(one.Requests);
    });

    [Theory]
    [InlineData(SipTransport.Udp, "408", 32)]
    [InlineData(SipTransport.Tcp, "500", 5.3)]
    public void Invite_NobodyIsThere_EndsInTime(SipTransport transport, string status, double seconds) => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", transport, 0, "2001:db8::20", "192.0.2.20");
        w.Blackhole(one, IpVersions.Both);
        (RawMessage invite, RawMessage answer, TimeSpan time) = await w.Invite(status, 40);
        Assert.Equal(seconds, time.TotalSeconds, 0.1);
        w.Alice.AckFailure(invite, answer);
        Assert.Equal((TargetState.Bad, TargetState.Bad), (w.StateOf(one, IpVersion.V6, transport), w.StateOf(one, IpVersion.V4, transport)));
    });

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("SUBSCRIBE")]
    public void NonInvite_FirstServerIsDead_GoesToTheSecond(string method) => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30", "192.0.2.30");
        two.Serve = request => FarServer.Answer(request, 200);
        w.Blackhole(one, IpVersions.Both);
        w.Alice.Send(w.Alice.Request(method, "sip:bob@far.example"));
        await w.Alice.Expect("200", Bar);
        Assert.Single(two.Requests);
    });

    [Fact]
    public void NonInvite_NobodyIsThere_EndsWithTimerFAndWithoutAnAnswer() => WalkWorld.Play(async w =>
    {
        w.Blackhole(w.Far("one", SipTransport.Udp, 0, "2001:db8::20"), IpVersions.Both);
        w.Blackhole(w.Far("two", SipTransport.Udp, 1, "2001:db8::30"), IpVersions.Both);
        w.Alice.Send(w.Alice.Request("MESSAGE", "sip:bob@far.example"));
        await w.Delay(33_000);
        Assert.Equal(0, w.Stack.Snapshot.Pending);
        Assert.All(w.Alice.Heard, message => Assert.StartsWith("SIP/2.0 100 ", message.FirstLine, StringComparison.Ordinal)); // RFC 4320 §4.2
    });

    [Fact]
    public void BadServer_ComesBack_IsFoundByAProbeAndPreferredAgain() => WalkWorld.Play(async w =>
    {
        FarServer one = w.Far("one", SipTransport.Udp, 0, "2001:db8::20");
        FarServer two = w.Far("two", SipTransport.Udp, 1, "2001:db8::30");
        (one.Serve, two.Serve) = (Ring, Ring);
        w.Blackhole(one, IpVersions.Both);
        await Hangup(w, (await w.Invite()).Invite);
        Assert.Equal(TargetState.Bad, w.StateOf(one, IpVersion.V6));
        w.Blackhole(one, IpVersions.None);
        await w.Delay(26_000);
        Assert.Equal((1, TargetState.Good), (one.Options, w.StateOf(one, IpVersion.V6)));
        await Hangup(w, (await w.Invite()).Invite);
        Assert.Equal((1, 1), (one.Invites, two.Invites));
    });

    [Fact]
    public void Invite_OnlyTheWayBackIsLost_TheNextCallTakesTheOtherVersion() => WalkWorld.Play(async w =>
    {
        // The server hears both copies; its answers go where the first copy came from, and vanish there.
        FarServer far = w.Far("far", SipTransport.Udp, 0, "2001:db8::20", "192.0.2.20");
        far.Serve = Ring;
        w.LinkTo(far).IsLost = (from, version) => from == far.Host && version == IpVersion.V6;
        RawMessage invite = w.Alice.Send(w.Alice.Request("INVITE", "sip:bob@far.example", body: ServerWorld.OfferV4));
        await w.Delay(8000);
        w.Alice.Cancel(invite);
        w.Alice.AckFailure(invite, await w.Alice.Expect("487", TimeSpan.FromSeconds(40)));
        await w.Alice.Expect("200");
        Assert.Equal(1, far.Invites);
        (invite, _, TimeSpan time) = await w.Invite();
        Assert.True(time < NextBar, $"{time}");
        await Hangup(w, invite);
    });

    [Fact]
    public void Invite_TheConnectionFromBeforeWasStale_GoesByANewOneToTheSameServer() => WalkWorld.Play(async w =>
    {
        FarServer far = w.Far("far", SipTransport.Tcp, 0, "2001:db8::20");
        far.Serve = Ring;
        await Hangup(w, (await w.Invite()).Invite);
        w.LinkTo(far).Delay = TimeSpan.FromMilliseconds(20);
        Task<(RawMessage Invite, RawMessage, TimeSpan)> call = w.Invite();
        await w.Delay(10);
        w.ResetStreams(far); // the INVITE is under way
        await Hangup(w, (await call).Invite);
        Assert.Equal((2, TargetState.Good), (far.Invites, w.StateOf(far, IpVersion.V6, SipTransport.Tcp)));

        // The new one breaks too: that is no stale connection.
        call = w.Invite("500");
        await w.Delay(10);
        w.ResetStreams(far);
        await w.Delay(50);
        w.ResetStreams(far);
        (RawMessage invite, RawMessage answer, _) = await call;
        w.Alice.AckFailure(invite, answer);
    });

    private static async Task Hangup(WalkWorld w, RawMessage invite)
    {
        w.Alice.Cancel(invite);
        w.Alice.AckFailure(invite, await w.Alice.Expect("487"));
        await w.Alice.Expect("200");
    }
}
