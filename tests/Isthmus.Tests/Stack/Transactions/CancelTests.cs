// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>CANCEL and what it can cross (RFC 3261 §9).</summary>
public sealed class CancelTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly RecordingUser _user = new();
    private readonly SipStack _stack;
    private readonly Peer _peer;

    public CancelTests()
    {
        _stack = _scene.Stack(Us, _user);
        _peer = _scene.Peer(Them);
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Cancel_BeforeProvisional_WaitsForIt()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        transaction.Cancel("SIP;cause=200;text=\"Call completed elsewhere\"");
        transaction.Cancel();
        _scene.Advance(100);
        Assert.Equal(["INVITE"], _peer.Lines);

        var invite = _peer.LastRequest;
        _peer.Send(invite.Answer(100).Build(), Us);
        _scene.Advance(5);
        Assert.Equal(["INVITE", "CANCEL"], _peer.Lines);
        var cancel = _peer.LastRequest;
        Assert.Equal(invite.TopVia.ToString(), cancel.TopVia.ToString());
        Assert.Equal("1 CANCEL", cancel.CSeq.ToString());
        Assert.Null(cancel.To.Tag);
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"", cancel.Text(HeaderName.Reason));

        _peer.Send(cancel.Answer(200, toTag: "b").Build(), Us);
        _peer.Send(invite.Answer(487, toTag: "b").Build(), Us);
        _scene.Advance(5);
        Assert.Equal(["100", "487"], _user.Heard);
        Assert.Equal(["INVITE", "CANCEL", "ACK"], _peer.Lines);
        Assert.True(transaction.IsCancelled);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Cancel_Crosses200_TheUserGetsThe200()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        var invite = _peer.LastRequest;
        _peer.Send(invite.Answer(180, toTag: "b").Build(), Us);
        _scene.Advance(5);
        _peer.Send(invite.Answer(200, toTag: "b").Build(), Us);
        transaction.Cancel();
        _scene.Advance(5);

        Assert.Equal(["INVITE", "CANCEL"], _peer.Lines);
        Assert.Equal(["180", "200"], _user.Heard);
        _peer.Send(_peer.LastRequest.Answer(481, toTag: "b").Build(), Us);
        _scene.AssertNothingLeft();
        Assert.Equal(["180", "200", "end"], _user.Heard);
    }

    [Fact]
    public void Cancel_AfterFinal_DoesNothing()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        _peer.Send(_peer.LastRequest.Answer(200, toTag: "b").Build(), Us);
        _scene.Advance(5);
        transaction.Cancel();
        _scene.Advance(5);

        Assert.False(transaction.IsCancelled);
        Assert.Equal(["INVITE"], _peer.Lines);
    }

    [Fact]
    public void Cancel_NoFinalFollows_TimesOutAfter64T1()
    {
        var transaction = _stack.Send(_scene.Request(SipMethod.Invite), Scene.To(Them), _user);
        _scene.Advance(5);
        _peer.Send(_peer.LastRequest.Answer(180, toTag: "b").Build(), Us);
        _scene.Advance(60_000);
        transaction.Cancel();
        _scene.Advance(31_900);
        Assert.Equal(["180"], _user.Heard);
        _scene.Advance(200);

        Assert.Equal(["180", "timeout", "end"], _user.Heard);
        _scene.AssertNothingLeft();
    }

    [Fact]
    public void Received_MatchingInvite_Gets200AndTellsTheUser()
    {
        _user.Cancelled = invite => invite.Respond(invite.Request.Message.Answer(487, toTag: "b").Build());
        _user.Serve = invite => invite.Respond(invite.Request.Message.Answer(180, toTag: "b").Build());
        var (invite, cancel) = InviteAndCancel("z9hG4bKx");
        _peer.Send(invite, Us);
        _scene.Advance(5);
        _peer.Send(cancel, Us);
        _peer.Send(cancel, Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE", "cancel"], _user.Heard);
        Assert.Equal(["180", "200", "487", "200"], _peer.Lines);
        Assert.All(_peer.Messages, message => Assert.Equal("b", message.To.Tag));
        Assert.Equal("1 CANCEL", _peer.Messages[1].CSeq.ToString());
        _scene.AssertNothingLeft();
        Assert.Equal(["request INVITE", "cancel", "no ack", "end"], _user.Heard);
    }

    [Fact]
    public void Received_InviteHasFinal_Gets200AndChangesNothing()
    {
        _user.Serve = invite => invite.Respond(invite.Request.Message.Answer(200, toTag: "b").Build());
        var (invite, cancel) = InviteAndCancel("z9hG4bKx");
        _peer.Send(invite, Us);
        _peer.Send(cancel, Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE"], _user.Heard);
        Assert.Equal(["200", "200"], _peer.Lines);
    }

    [Theory]
    [InlineData("z9hG4bKother")]
    [InlineData("no-cookie")]
    public void Received_MatchesNothing_IsARequest(string branch)
    {
        _user.Serve = cancel => cancel.Respond(cancel.Request.Message.Answer(481, toTag: "b").Build());
        var (_, cancel) = InviteAndCancel(branch);
        _peer.Send(cancel, Us);
        _scene.Advance(5);

        Assert.Equal(["request CANCEL"], _user.Heard);
        Assert.Equal(["481"], _peer.Lines);
    }

    [Fact]
    public void Received_Rfc2543Branch_MatchesItsInvite()
    {
        _user.Cancelled = invite => invite.Respond(invite.Request.Message.Answer(487, toTag: "b").Build());
        var (invite, cancel) = InviteAndCancel("1");
        _peer.Send(invite, Us);
        _peer.Send(cancel, Us);
        _scene.Advance(5);

        Assert.Equal(["request INVITE", "cancel"], _user.Heard);
        Assert.Equal(["200", "487"], _peer.Lines);
    }

    private (SipRequest Invite, SipRequest Cancel) InviteAndCancel(string branch) => (
        _peer.WithVia(_scene.Request(SipMethod.Invite, "c"), branch),
        _peer.WithVia(_scene.Request(SipMethod.Cancel, "c"), branch));
}
